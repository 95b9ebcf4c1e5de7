package io.apus.spark.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.spark.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectedGroupsTest {
    @Test
    void chainsStarsAndRingsEndAtTheirSmallestNode() {
        List<long[]> edges = new ArrayList<>();
        for (long i = 100; i < 140; i++) {
            edges.add(new long[] {i, i + 1});
        }
        for (long i = 201; i < 220; i++) {
            edges.add(new long[] {200, i});
        }
        for (long i = 300; i < 320; i++) {
            edges.add(new long[] {i, i == 319 ? 300 : i + 1});
        }
        edges.add(new long[] {7, 9});
        Collections.shuffle(edges, new Random(1));

        Map<Long, Long> labels = labels(edges, 0);

        assertThat(labels).hasSize(41 + 20 + 20 + 2);
        labels.forEach((id, label) -> assertThat(label).isEqualTo(id < 100 ? 7 : id / 100 * 100));
        assertThat(labels(edges, 1000)).isEqualTo(labels);
    }

    @Test
    void withoutEdgesThereAreNoGroups() {
        assertThat(labels(List.of(), 0)).isEmpty();
    }

    @TempDir
    Path folder;

    private Map<Long, Long> labels(List<long[]> edges, long few) {
        List<Row> rows =
                edges.stream().map(edge -> RowFactory.create(edge[0], edge[1])).toList();
        Map<Long, Long> labels = new TreeMap<>();
        try (PersistedFrames frames = new PersistedFrames(LocalSpark.session(), folder.resolve("frames"))) {
            ConnectedGroups.of(
                            LocalSpark.session().createDataFrame(rows, StructType.fromDDL("a BIGINT, b BIGINT")),
                            frames,
                            few)
                    .collectAsList()
                    .forEach(row -> assertThat(labels.put(row.getLong(0), row.getLong(1)))
                            .isNull());
        }
        return labels;
    }
}
