package io.apus.train.parallel.expert;

import io.apus.tensor.Device;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * How many tokens go from which rank to which expert. What a rank gets lies by rank, then by expert; experts want it by expert, then by rank.
 *
 * @param counts by rank: its tokens for each expert of all ranks
 * @param own experts of one rank
 */
record Journey(List<long[]> counts, int own, int rank) {
    /** Tokens that go to each rank. */
    long[] sent() {
        return IntStream.range(0, counts.size())
                .mapToLong(to -> LongStream.of(run(counts.get(rank), to)).sum())
                .toArray();
    }

    /** Tokens that come from each rank. */
    long[] received() {
        return counts.stream()
                .mapToLong(from -> LongStream.of(run(from, rank)).sum())
                .toArray();
    }

    /** This rank's experts that have tokens, counted from its first. */
    int[] busy() {
        return IntStream.range(0, own).filter(expert -> tokens(expert) > 0).toArray();
    }

    /** Their tokens. */
    long[] busySizes() {
        return Arrays.stream(busy()).mapToLong(this::tokens).toArray();
    }

    private long tokens(int expert) {
        return counts.stream().mapToLong(from -> run(from, rank)[expert]).sum();
    }

    /** Places among what arrived of what the experts want, in their order. */
    Tensor byExpert(Device device) {
        return device.longs(places());
    }

    /** The way back: places in the experts' order of what arrived, in that order. */
    Tensor byArrival(Device device) {
        long[] places = places();
        long[] back = new long[places.length];
        for (int i = 0; i < places.length; i++) {
            back[(int) places[i]] = i;
        }
        return device.longs(back);
    }

    private long[] places() {
        LongStream.Builder places = LongStream.builder();
        for (int expert = 0; expert < own; expert++) {
            long start = 0;
            for (long[] from : counts) {
                long[] run = run(from, rank);
                long before = LongStream.of(run).limit(expert).sum();
                LongStream.range(start + before, start + before + run[expert]).forEach(places::add);
                start += LongStream.of(run).sum();
            }
        }
        return places.build().toArray();
    }

    private long[] run(long[] ofAll, int ofRank) {
        return Arrays.copyOfRange(ofAll, ofRank * own, (ofRank + 1) * own);
    }
}
