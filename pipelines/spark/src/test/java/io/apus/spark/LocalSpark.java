package io.apus.spark;

import io.apus.spark.stage.Phases;
import io.apus.spark.table.LinkLogStore;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** One embedded Spark with Delta for all tests of the module. */
public final class LocalSpark {
    private LocalSpark() {}

    public static SparkSession session() {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("apus-tests")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.delta.logStore.file.impl", LinkLogStore.class.getName())
                .config("spark.databricks.delta.snapshotPartitions", "1")
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        return spark;
    }

    public static Phases phases(String stage) {
        return new Phases(session(), stage, phase -> {});
    }

    /** A text of lines. */
    public static String lines(String... lines) {
        return String.join("\n", List.of(lines)) + "\n";
    }
}
