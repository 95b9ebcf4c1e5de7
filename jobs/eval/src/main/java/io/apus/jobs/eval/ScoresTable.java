package io.apus.jobs.eval;

import io.apus.schemas.data.Score;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Publishes scores. */
final class ScoresTable {
    private ScoresTable() {}

    /** Writes {@code scores} in their order. */
    static PublishedTable write(SparkSession spark, Path folder, List<Score> scores) {
        List<Row> rows = scores.stream().map(ScoresTable::row).toList();
        StructType columns = StructType.fromDDL(Tables.SCORES.ddl());
        return TableWriter.write(
                folder, Tables.SCORES, spark.createDataFrame(rows, columns).coalesce(1));
    }

    private static Row row(Score score) {
        return RowFactory.create(
                score.task(),
                score.kind(),
                score.metric(),
                score.item(),
                score.value(),
                score.weight(),
                score.prompt(),
                score.prediction(),
                score.reference());
    }
}
