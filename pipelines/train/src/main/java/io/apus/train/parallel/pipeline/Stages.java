package io.apus.train.parallel.pipeline;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Parameter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Which blocks each stage of a pipeline has.
 *
 * @param starts the first block of each stage, and behind the last one the number of blocks
 */
record Stages(List<Integer> starts) {
    Stages {
        starts = List.copyOf(starts);
    }

    /**
     * The division of a model's layers in which the largest stage is smallest, counted in the parameters that it has before anything is attached;
     * embedding and head count where they are.
     *
     * @param described the model, see {@link io.apus.model.ModelConfig#described}
     */
    static Stages of(Decoder described, int stages) {
        List<Long> sizes = described.blocks().stream()
                .map(block -> count(block.parameters()))
                .toList();
        List<Parameter> last = new ArrayList<>(described.headParameters());
        if (described.head().tied()) {
            last.add(described.head().weight());
        }
        return of(sizes, count(described.embedding().parameters()), count(last), stages);
    }

    private static long count(List<Parameter> parameters) {
        return parameters.stream().mapToLong(Parameter::count).sum();
    }

    /**
     * As {@link #of(Decoder, int)}, of numbers.
     *
     * @param blocks sizes of the blocks, as many as stages at least
     * @param before size of what the first stage has besides
     * @param after size of what the last stage has besides
     */
    static Stages of(List<Long> blocks, long before, long after, int stages) {
        int end = blocks.size();
        long[] sums = new long[end + 1];
        for (int i = 0; i < end; i++) {
            sums[i + 1] = sums[i] + blocks.get(i) + (i == 0 ? before : 0) + (i == end - 1 ? after : 0);
        }
        // Of the first blocks up to each one, in so many stages: the largest stage of the best division, and where its
        // last stage starts.
        long[] largest = sums;
        List<int[]> starts = new ArrayList<>();
        for (int stage = 1; stage < stages; stage++) {
            int[] start = new int[end + 1];
            largest = oneMore(largest, sums, stage, start);
            starts.add(start);
        }
        Deque<Integer> borders = new ArrayDeque<>(List.of(end));
        for (int stage = stages - 2; stage >= 0; stage--) {
            borders.addFirst(starts.get(stage)[borders.getFirst()]);
        }
        borders.addFirst(0);
        return new Stages(List.copyOf(borders));
    }

    private static long[] oneMore(long[] fewer, long[] sums, int stages, int[] start) {
        long[] largest = new long[fewer.length];
        Arrays.fill(largest, Long.MAX_VALUE);
        for (int to = stages + 1; to < fewer.length; to++) {
            for (int from = stages; from < to; from++) {
                long size = Math.max(fewer[from], sums[to] - sums[from]);
                if (size < largest[to]) {
                    largest[to] = size;
                    start[to] = from;
                }
            }
        }
        return largest;
    }

    int from(int stage) {
        return starts.get(stage);
    }

    int to(int stage) {
        return starts.get(stage + 1);
    }
}
