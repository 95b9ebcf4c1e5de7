package io.apus.jobs.export;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.ShardReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts on which an export is compared with the trained model: the run's own samples, held-out ones first. */
final class Probes {
    private static final int MOST = 8;
    private static final int MOST_TOKENS = 128;

    private Probes() {}

    static List<long[]> from(RunLayout layout) {
        List<long[]> probes = new ArrayList<>();
        for (String split : List.of(Splits.VALIDATION, Splits.TRAIN)) {
            ShardReader reader = ShardReader.open(layout.shards(split));
            for (long row = 0; row < reader.rows() && probes.size() < MOST; row++) {
                addSamples(reader.row(row), probes);
            }
        }
        return probes;
    }

    private static void addSamples(PackedRow row, List<long[]> probes) {
        int start = 0;
        for (int length : row.segmentLengths()) {
            if (probes.size() < MOST) {
                int end = start + Math.min(length, MOST_TOKENS);
                probes.add(
                        Arrays.stream(row.inputIds(), start, end).asLongStream().toArray());
            }
            start += length;
        }
    }
}
