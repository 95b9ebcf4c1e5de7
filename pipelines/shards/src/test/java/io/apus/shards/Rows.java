package io.apus.shards;

import io.apus.schemas.data.PackedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Packed rows for tests. */
final class Rows {
    private Rows() {}

    /** {@code count} rows of one to four samples, {@code maxLength} tokens at most. */
    static List<PackedRow> random(int count, int maxLength, long seed) {
        Random random = new Random(seed);
        List<PackedRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] segments =
                    random.ints(1 + random.nextInt(4), 1, maxLength / 4 + 1).toArray();
            rows.add(row(segments, i, random));
        }
        return rows;
    }

    static PackedRow row(int[] segments, int number, Random random) {
        int tokens = 0;
        List<String> ids = new ArrayList<>();
        for (int segment : segments) {
            tokens += segment;
            ids.add("données.json:" + number + ":" + ids.size());
        }
        float[] weights = new float[tokens];
        for (int t = 0; t < tokens; t++) {
            weights[t] = random.nextInt(3) * 0.7f;
        }
        return new PackedRow(random.ints(tokens, 0, 151_669).toArray(), weights, segments, ids);
    }
}
