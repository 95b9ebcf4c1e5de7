package io.apus.spark.table;

import io.apus.schemas.table.TableLayout;
import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A Delta table that grows, and to which several processes may append; what each of them appends is there once. */
public final class SharedTable {
    private static final int ATTEMPTS = 5;

    private final SparkSession spark;
    private final Path folder;
    private final TableLayout layout;

    /** @param layout what a new table is made with */
    public SharedTable(SparkSession spark, Path folder, TableLayout layout) {
        this.spark = spark;
        this.folder = folder;
        this.layout = layout;
    }

    /**
     * Appends {@code rows} in one commit, unless {@code writer} has appended its batch {@code batch} or a later one before.
     *
     * @param writer a name that no other writer has; Delta remembers its last batch in the table's log
     */
    public PublishedTable append(Dataset<Row> rows, String writer, long batch) {
        create();
        rows.write()
                .format("delta")
                .mode("append")
                .option("txnAppId", writer)
                .option("txnVersion", batch)
                .save(PublishedTable.uri(folder));
        return latest();
    }

    /** The newest version; the table is made if need be. */
    public PublishedTable latest() {
        create();
        return new PublishedTable(folder, TableWriter.version(spark, PublishedTable.uri(folder)));
    }

    /** Of several that make the table at the same time one succeeds, and the others find it. */
    private void create() {
        String location = PublishedTable.uri(folder);
        for (int attempt = 1; !DeltaTable.isDeltaTable(spark, location); attempt++) {
            try {
                TableWriter.define(DeltaTable.createIfNotExists(spark), location, layout);
            } catch (Exception e) {
                if (attempt == ATTEMPTS || !isLostRace(e)) {
                    throw e;
                }
            }
        }
    }

    /** Another made the table first, or was just making it: its log's folder was there and the first version not yet. */
    private static boolean isLostRace(Exception e) {
        if (e instanceof AnalysisException missing) {
            return "DELTA_TABLE_NOT_FOUND".equals(missing.getErrorClass());
        }
        return e instanceof DeltaConcurrentModificationException;
    }
}
