package io.apus.spark.lineage;

import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The table {@code placement}: which samples every packed row holds, and where. It is read back from the finished shards, so it says what
 * is in them, not what was planned, and every shard is verified once more on the way.
 */
public final class PlacementTable {
    private static final StructType SEGMENTS = StructType.fromDDL("split string, shard string, packed_row bigint,"
            + " position int, offset int, length int, sample_id string");

    /** As {@code sample_ids} of a shard spells it. */
    private static final Column SAMPLE_ID = functions.expr(
            "concat(dataset, ':', row, if(copy = 0, '', concat(':', copy))," + " if(part = 0, '', concat('/', part)))");

    private static final String[] JOINED = {"split", "sample_id", "occurrence"};

    private PlacementTable() {}

    /**
     * Writes the table.
     *
     * @param shards the manifests of the splits
     * @param shardsFolder the folder that holds a folder for each split
     * @param tokens what was packed
     * @param folder where the table goes
     */
    public static PublishedTable write(
            SparkSession spark,
            Collection<ShardManifest> shards,
            Path shardsFolder,
            PublishedTable tokens,
            Path folder) {
        Dataset<Row> found = numbered(segments(spark, shards, shardsFolder), "packed_row", "position");
        Dataset<Row> packed = numbered(
                        tokens.read(spark).drop("length").withColumn("sample_id", SAMPLE_ID),
                        "dataset_index",
                        "row",
                        "copy")
                .drop("input_ids", "loss_weights");
        Dataset<Row> placed = found.join(packed, JOINED)
                .orderBy("split", "packed_row", "position")
                .select(Tables.PLACEMENT.columns().stream()
                        .map(column -> functions.col(column.name()))
                        .toArray(Column[]::new));
        PublishedTable table = TableWriter.write(folder, Tables.PLACEMENT, placed);
        requireAll(table.read(spark).count(), shards);
        return table;
    }

    private static void requireAll(long placed, Collection<ShardManifest> shards) {
        long packed = shards.stream().mapToLong(ShardManifest::samples).sum();
        if (placed != packed) {
            throw new IllegalStateException(
                    "the shards hold " + packed + " samples, but " + placed + " of them are known by their id");
        }
    }

    /** A dataset that is named twice has two samples of one id, with the same tokens: the first found is the first of them. */
    private static Dataset<Row> numbered(Dataset<Row> rows, String... order) {
        Column[] columns = Stream.of(order).map(functions::col).toArray(Column[]::new);
        return rows.withColumn(
                "occurrence",
                functions
                        .row_number()
                        .over(Window.partitionBy("split", "sample_id").orderBy(columns)));
    }

    private static Dataset<Row> segments(SparkSession spark, Collection<ShardManifest> shards, Path shardsFolder) {
        List<PlacedShard> all = new ArrayList<>();
        shards.forEach(manifest -> all.addAll(PlacedShard.of(manifest, shardsFolder)));
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(all, Math.max(1, all.size()))
                .flatMap(shard -> shard.segments().iterator());
        return spark.createDataFrame(rows, SEGMENTS);
    }
}
