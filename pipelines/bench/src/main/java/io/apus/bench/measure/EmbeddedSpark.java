package io.apus.bench.measure;

import org.apache.spark.sql.SparkSession;

/** Spark with Delta in this process. */
public final class EmbeddedSpark {
    private EmbeddedSpark() {}

    /** A session of {@code cores} cores, to be closed. */
    public static SparkSession session(int cores) {
        SparkSession spark = SparkSession.builder()
                .master("local[" + cores + "]")
                .appName("apus-bench")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", Integer.toString(8 * cores))
                .config("spark.databricks.delta.snapshotPartitions", "2") // as runs on one machine have it
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        return spark;
    }
}
