package io.apus.spark.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Parquet files through Spark's reader: every row as JSON text with its number over the dataset. */
final class ParquetRows {
    private ParquetRows() {}

    /** Columns: json (string), name (file name), row (index in the dataset), line (index in the file). */
    static Dataset<Row> read(SparkSession spark, List<SourceFile> files) {
        Dataset<Row> rows = spark.read()
                .option("mergeSchema", true)
                .parquet(files.stream().map(SourceFile::path).toArray(String[]::new))
                .select(
                        functions.to_json(functions.struct(functions.col("*"))).as("json"),
                        functions.col("_metadata.file_path").as("path"),
                        functions.col("_metadata.file_name").as("name"),
                        functions.col("_metadata.row_index").as("line"));
        return rows.join(functions.broadcast(offsets(spark, rows, files)), "path")
                .select(
                        functions.col("json"),
                        functions.col("name"),
                        functions.col("line").plus(functions.col("offset")).as("row"),
                        functions.col("line"));
    }

    private static Dataset<Row> offsets(SparkSession spark, Dataset<Row> rows, List<SourceFile> files) {
        Map<String, Row> counts = new HashMap<>();
        for (Row count : rows.groupBy("path").count().collectAsList()) {
            counts.put(URI.create(count.getString(0)).getPath(), count);
        }
        List<Row> offsets = new ArrayList<>();
        long offset = 0;
        for (SourceFile file : files) {
            Row count = counts.get(URI.create(file.path()).getPath());
            if (count != null) {
                offsets.add(RowFactory.create(count.getString(0), offset));
                offset += count.getLong(1);
            }
        }
        return spark.createDataFrame(offsets, StructType.fromDDL("path string, offset bigint"));
    }
}
