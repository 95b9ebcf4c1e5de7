package io.apus.bench.shard;

import io.apus.corpus.pack.PackPlan;
import io.apus.corpus.pack.Packer;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.spec.PackSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Packs token rows in memory, as the pack stage does. */
public final class PackedCorpus {
    private PackedCorpus() {}

    /** {@code count} rows of at most {@code capacity} tokens; the packed samples repeat until there are enough. */
    public static List<PackedRow> of(List<TokenRow> samples, int capacity, int count) {
        List<TokenRow> fitting =
                samples.stream().filter(row -> row.length() <= capacity).toList();
        int[] lengths = fitting.stream().mapToInt(TokenRow::length).toArray();
        PackPlan plan = Packer.plan(new PackSpec(true, null, "binpack", null), capacity, lengths, 42);
        List<PackedRow> distinct = new ArrayList<>();
        for (int row = 0; row < Math.min(count, plan.rows()); row++) {
            distinct.add(
                    assemble(Arrays.stream(plan.row(row)).mapToObj(fitting::get).toList()));
        }
        List<PackedRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(distinct.get(i % distinct.size()));
        }
        return rows;
    }

    private static PackedRow assemble(List<TokenRow> samples) {
        int total = samples.stream().mapToInt(TokenRow::length).sum();
        int[] ids = new int[total];
        float[] weights = new float[total];
        int at = 0;
        for (TokenRow sample : samples) {
            System.arraycopy(sample.inputIds(), 0, ids, at, sample.length());
            System.arraycopy(sample.lossWeights(), 0, weights, at, sample.length());
            weights[at] = 0;
            at += sample.length();
        }
        return new PackedRow(
                ids,
                weights,
                samples.stream().mapToInt(TokenRow::length).toArray(),
                samples.stream().map(sample -> sample.key().id()).toList());
    }
}
