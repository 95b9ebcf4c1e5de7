package io.apus.spark.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet files and Delta tables through Spark's readers: every row as JSON text with its number over the dataset. A row's place is its
 * file, the block of the file that a task read, and its index behind the beginning of that block; blocks are put in order and counted.
 */
final class ParquetRows {
    private ParquetRows() {}

    /**
     * Columns: json (string), name (file name), row (index in the dataset: files in the order of their paths, then place in the file),
     * line (index in the file).
     *
     * @param files Parquet files, or one Delta table
     */
    static Dataset<Row> read(SparkSession spark, List<SourceFile> files) {
        Dataset<Row> rows = files.get(0).isTable() ? table(spark, files.get(0)) : files(spark, files);
        return rows.withColumn("place", functions.concat_ws("#", functions.col("path"), functions.col("block")))
                .join(functions.broadcast(offsets(spark, rows)), "place")
                .select(
                        functions.col("json"),
                        functions.col("name"),
                        functions
                                .col("at")
                                .plus(functions.col("before_in_dataset"))
                                .as("row"),
                        functions
                                .col("at")
                                .plus(functions.col("before_in_file"))
                                .as("line"));
    }

    /** Spark knows the index of a row in its file, so the whole file is one block. */
    private static Dataset<Row> files(SparkSession spark, List<SourceFile> files) {
        return spark.read()
                .option("mergeSchema", true)
                .parquet(files.stream().map(SourceFile::path).toArray(String[]::new))
                .select(
                        functions.to_json(functions.struct(functions.col("*"))).as("json"),
                        functions.col("_metadata.file_path").as("path"),
                        functions.col("_metadata.file_name").as("name"),
                        functions.lit(0L).as("block"),
                        functions.col("_metadata.row_index").as("at"));
    }

    /** Delta does not tell the index of a row, so rows are counted where they are read; rows that were deleted do not count. */
    private static Dataset<Row> table(SparkSession spark, SourceFile table) {
        Dataset<Row> rows = spark.read()
                .format("delta")
                .option("versionAsOf", table.version())
                .load(table.path())
                .select(
                        functions.to_json(functions.struct(functions.col("*"))).as("json"),
                        functions.col("_metadata.file_path").as("path"),
                        functions.col("_metadata.file_name").as("name"),
                        functions.col("_metadata.file_block_start").as("block"));
        return ParquetBlocks.numbered(rows);
    }

    private static Dataset<Row> offsets(SparkSession spark, Dataset<Row> rows) {
        List<Row> blocks = new ArrayList<>(
                rows.groupBy("path", "block").agg(functions.max("at")).collectAsList());
        blocks.sort(Comparator.<Row, String>comparing(
                        block -> URI.create(block.getString(0)).getPath())
                .thenComparing(block -> block.getLong(1)));
        List<Row> offsets = new ArrayList<>();
        String file = null;
        long inDataset = 0;
        long inFile = 0;
        for (Row block : blocks) {
            inFile = block.getString(0).equals(file) ? inFile : 0;
            file = block.getString(0);
            offsets.add(RowFactory.create(file + "#" + block.getLong(1), inDataset, inFile));
            inDataset += block.getLong(2) + 1;
            inFile += block.getLong(2) + 1;
        }
        return spark.createDataFrame(
                offsets, StructType.fromDDL("place string, before_in_dataset bigint, before_in_file bigint"));
    }
}
