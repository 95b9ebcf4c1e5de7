package io.apus.spark.table;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A version of a Delta table that a stage committed; reading it gives the same rows whatever is written behind it.
 *
 * @param folder the table's folder, on a file system that driver and executors share
 * @param version Delta version
 */
public record PublishedTable(Path folder, long version) {
    public Dataset<Row> read(SparkSession spark) {
        return spark.read().format("delta").option("versionAsOf", version).load(uri(folder));
    }

    /** The folder as Hadoop spells it. */
    static String uri(Path folder) {
        return "file:" + folder.toAbsolutePath().normalize();
    }
}
