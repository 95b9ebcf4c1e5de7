package io.apus.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Planted near duplicates are found, others are let be, and the answer does not depend on partitions. */
class DuplicatesByEmbeddingTest {
    private static final StructType LAYOUT = StructType.fromDDL("key STRING, embedding ARRAY<FLOAT>, rank DOUBLE");
    private static final int WIDTH = 32;

    private static float[] random(Random random) {
        float[] vector = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** 200 vectors of which every tenth has three near copies; copy 2 has the best rank. */
    private static List<Row> planted() {
        Random random = new Random(7);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            float[] vector = random(random);
            rows.add(RowFactory.create("v%03d".formatted(i), vector, 0.0));
            for (int copy = 1; copy <= 3 && i % 10 == 0; copy++) {
                float[] near = vector.clone();
                for (int j = 0; j < WIDTH; j++) {
                    near[j] = 3 * (near[j] + 0.05f * (float) random.nextGaussian());
                }
                rows.add(RowFactory.create("v%03d-%d".formatted(i, copy), near, copy == 2 ? 1.0 : 0.5));
            }
        }
        rows.add(RowFactory.create("nothing", null, 9.0));
        rows.add(RowFactory.create("zero", new float[WIDTH], 9.0));
        return rows;
    }

    private static List<Row> marked(int partitions) {
        Dataset<Row> rows =
                TinyModel.session().createDataFrame(planted(), LAYOUT).repartition(partitions);
        return DuplicatesByEmbedding.usual()
                .mark(rows, "key", "embedding", "rank")
                .select("key", "duplicate_of")
                .orderBy("key")
                .collectAsList();
    }

    @Test
    void keepsTheBestOfEachGroup() {
        List<Row> marked = marked(1);
        assertThat(marked).hasSize(262);
        for (Row row : marked) {
            String key = row.getString(0);
            boolean isPlanted = key.startsWith("v") && Integer.parseInt(key.substring(1, 4)) % 10 == 0;
            String best = isPlanted ? key.substring(0, 4) + "-2" : key;
            assertThat(row.getString(1)).isEqualTo(key.equals(best) ? null : best);
        }
        assertThat(marked(5)).isEqualTo(marked);
    }

    @Test
    void joinsChainsAndBreaksTiesByKey() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            double angle = i * 0.25;
            rows.add(RowFactory.create("c" + i, new float[] {(float) Math.cos(angle), (float) Math.sin(angle)}, 1.0));
        }
        List<Row> marked = new DuplicatesByEmbedding(0.96, 64, 2, 1)
                .mark(TinyModel.session().createDataFrame(rows, LAYOUT), "key", "embedding", "rank")
                .orderBy("key")
                .collectAsList();
        assertThat(marked).extracting(row -> row.getString(3)).containsExactly(null, "c0", "c0", "c0", "c0", "c0");
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatThrownBy(() -> new DuplicatesByEmbedding(1.5, 16, 12, 1)).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> DuplicatesByEmbedding.usual()
                        .mark(TinyModel.session().createDataFrame(planted(), LAYOUT), "id", "embedding", "rank"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no column id among key, embedding, rank");
    }
}
