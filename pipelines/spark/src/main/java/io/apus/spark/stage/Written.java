package io.apus.spark.stage;

import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The two tables of a stage.
 *
 * @param kept the stage's table
 * @param rejects what was refused
 * @param refused rows of {@code rejects} by reason, counted in the written table (not on the way, where a retried task counts twice)
 */
public record Written(PublishedTable kept, PublishedTable rejects, Map<String, Long> refused) {
    /** Writes {@code outcomes} as the table {@code layout} and {@code rejects} below {@code folder}. */
    static Written write(Phases phases, Path folder, TableLayout layout, Dataset<Row> kept, Dataset<Row> rejects) {
        phases.begin("writing " + layout.name());
        PublishedTable keptTable = TableWriter.write(folder.resolve(layout.name()), layout, kept);
        phases.begin("writing rejects");
        PublishedTable rejectsTable = TableWriter.write(folder.resolve(Tables.REJECTS.name()), Tables.REJECTS, rejects);
        phases.begin("counting");
        return new Written(keptTable, rejectsTable, countBy(rejectsTable.read(phases.spark()), "reason"));
    }

    static Written write(Phases phases, Path folder, TableLayout layout, Dataset<Row> outcomes) {
        return write(phases, folder, layout, Outcomes.kept(outcomes, layout), Outcomes.refused(outcomes));
    }

    public long rejectedRows() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Rows by the value of a text column. */
    static Map<String, Long> countBy(Dataset<Row> rows, String column) {
        Map<String, Long> counts = new TreeMap<>();
        for (Row row : rows.groupBy(column).count().collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }
}
