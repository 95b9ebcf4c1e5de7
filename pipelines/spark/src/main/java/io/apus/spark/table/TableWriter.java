package io.apus.spark.table;

import io.apus.schemas.table.TableLayout;
import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.StructType;

/**
 * Writes a published table: a Delta table with the layout's columns, comments, NOT NULL and CHECK constraints and retention, in one append.
 *
 * <p>What lies in the folder is what an attempt that did not commit left there; it is removed first, so that writing again gives the
 * same table. A row that breaks a constraint fails the write.
 */
public final class TableWriter {
    private TableWriter() {}

    /** Writes {@code rows}, which have the layout's columns, and returns the version that holds them. */
    public static PublishedTable write(Path folder, TableLayout layout, Dataset<Row> rows) {
        SparkSession spark = rows.sparkSession();
        String location = PublishedTable.uri(folder);
        remove(spark, new org.apache.hadoop.fs.Path(location));
        define(DeltaTable.create(spark), location, layout);
        rows.write().format("delta").mode("append").save(location);
        return new PublishedTable(folder, version(spark, location));
    }

    static long version(SparkSession spark, String location) {
        return DeltaTable.forPath(spark, location)
                .history(1)
                .select("version")
                .first()
                .getLong(0);
    }

    private static void remove(SparkSession spark, org.apache.hadoop.fs.Path location) {
        try {
            location.getFileSystem(spark.sparkContext().hadoopConfiguration()).delete(location, true);
            DeltaLog.invalidateCache(spark, location);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A constraint that is there from the first version needs no scan and no version of its own. */
    static void define(DeltaTableBuilder builder, String location, TableLayout layout) {
        DeltaTableBuilder table =
                builder.location(location).comment(layout.comment()).addColumns(StructType.fromDDL(layout.ddl()));
        for (Map.Entry<String, String> property : layout.properties().entrySet()) {
            table = table.property(property.getKey(), property.getValue());
        }
        table.execute();
    }
}
