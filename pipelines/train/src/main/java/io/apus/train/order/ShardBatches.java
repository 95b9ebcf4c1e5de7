package io.apus.train.order;

import io.apus.shards.ShardReader;
import io.apus.shards.TokenSlice;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Batches of packed shards, in the order that a plan says. */
public final class ShardBatches implements BatchSource {
    private final ShardReader reader;
    private final StepPlan plan;
    private int orderedEpoch = -1;
    private int[] order = {};

    public ShardBatches(ShardReader reader, StepPlan plan) {
        this.reader = reader;
        this.plan = plan;
    }

    @Override
    public GlobalBatch batch(int step) {
        int epoch = plan.epochOf(step);
        if (epoch != orderedEpoch) {
            order = plan.order(epoch, reader::length);
            orderedEpoch = epoch;
        }
        int from = (step % plan.stepsPerEpoch()) * plan.globalBatch();
        int to = Math.min(plan.rows(), from + plan.globalBatch());
        double weights = 0;
        long tokens = 0;
        List<MicroBatch> passes = new ArrayList<>();
        for (int at = from; at < to; at += plan.microBatch()) {
            int[] rows = Arrays.copyOfRange(order, at, Math.min(to, at + plan.microBatch()));
            passes.add(new MicroBatch(passes.size(), rows));
            for (int row : rows) {
                weights += reader.lossWeightSum(row);
                tokens += reader.length(row);
            }
        }
        return new GlobalBatch(step, passes, weights, tokens);
    }

    @Override
    public RowTokens load(int[] rows) {
        return read(reader, rows);
    }

    /** The tokens of some rows of {@code reader}, one row after the other. */
    public static RowTokens read(ShardReader reader, int[] rows) {
        List<TokenSlice> slices = Arrays.stream(rows).mapToObj(reader::tokens).toList();
        int total = slices.stream().mapToInt(TokenSlice::length).sum();
        long[] ids = new long[total];
        float[] weights = new float[total];
        int at = 0;
        for (TokenSlice slice : slices) {
            IntBuffer sliceIds = slice.inputIds().asIntBuffer();
            FloatBuffer sliceWeights = slice.lossWeights().asFloatBuffer();
            for (int i = 0; i < slice.length(); i++) {
                ids[at] = sliceIds.get(i);
                weights[at++] = sliceWeights.get(i);
            }
        }
        int[] segments = slices.stream()
                .flatMapToInt(slice -> Arrays.stream(slice.segmentLengths()))
                .toArray();
        return new RowTokens(ids, weights, segments);
    }
}
