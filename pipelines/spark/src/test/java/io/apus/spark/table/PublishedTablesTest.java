package io.apus.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.table.Column;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.spark.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every table of a run says of itself, read back from Delta, and what maintenance may do to it. */
class PublishedTablesTest {
    private static final String LISTING_TASKS = "spark.sql.sources.parallelPartitionDiscovery.parallelism";
    private static final SparkSession SPARK = LocalSpark.session();

    @TempDir
    Path folder;

    static Stream<TableLayout> layouts() {
        return Tables.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aTableHasItsCommentsConstraintsAndRetentionAndIsReadByVersionInSql(TableLayout layout) {
        PublishedTable table = TableWriter.write(folder.resolve(layout.name()), layout, empty(layout));
        String name = "delta.`" + table.folder() + "`";

        Map<String, StructField> fields = Stream.of(SPARK.table(name).schema().fields())
                .collect(Collectors.toMap(StructField::name, Function.identity()));
        assertThat(fields).hasSize(layout.columns().size());
        for (Column column : layout.columns()) {
            assertThat(fields.get(column.name()).getComment().get()).isEqualTo(column.comment());
            assertThat(fields.get(column.name()).nullable()).isEqualTo(column.nullable());
        }
        assertThat(SPARK.sql("DESCRIBE DETAIL " + name).first().<String>getAs("description"))
                .isEqualTo(layout.comment());
        Map<String, String> properties = SPARK.sql("SHOW TBLPROPERTIES " + name).collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
        assertThat(layout.checks()).isNotEmpty();
        assertThat(properties)
                .containsAllEntriesOf(layout.properties())
                .containsKeys("delta.logRetentionDuration", "delta.deletedFileRetentionDuration");
        assertThat(SPARK.sql("SELECT * FROM " + name + " VERSION AS OF " + table.version())
                        .collectAsList())
                .isEmpty();
    }

    @Test
    void aPinnedVersionSurvivesOptimizeAndVacuum() {
        PublishedTable pinned = TableWriter.write(folder.resolve("scores"), Tables.SCORES, score("a"));
        String name = "delta.`" + pinned.folder() + "`";
        score("b").write().format("delta").mode("append").save(PublishedTable.uri(pinned.folder()));
        SPARK.sql("OPTIMIZE " + name);
        SPARK.conf().set(LISTING_TASKS, 2);
        SPARK.sql("VACUUM " + name);
        SPARK.conf().unset(LISTING_TASKS);

        assertThat(SPARK.sql("SELECT item FROM " + name + " VERSION AS OF " + pinned.version())
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("a");
        assertThat(SPARK.table(name).inputFiles()).hasSize(1);
        assertThat(SPARK.table(name).count()).isEqualTo(2);
    }

    private static Dataset<Row> score(String item) {
        return SPARK.sql("SELECT 't' task, 'k' kind, 'm' metric, '" + item
                        + "' item, 1D value, 1D weight, '' prompt, '' prediction, '' reference")
                .coalesce(1);
    }

    private static Dataset<Row> empty(TableLayout layout) {
        return SPARK.createDataFrame(List.of(), StructType.fromDDL(layout.ddl()));
    }
}
