package io.apus.spark.stage;

import io.apus.corpus.filter.FilterChain;
import io.apus.corpus.filter.RowFilters;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.WholeSetFilter;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.spark.filter.PersistedFrames;
import io.apus.spark.filter.Refused;
import io.apus.spark.filter.WholeSets;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.RejectRows;
import io.apus.spark.table.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.reflect.ClassTag$;

/** Filters in their order: neighbours that judge samples one by one make one pass, each that compares samples makes its own. */
final class FilterPasses {
    private static final TableLayout LAYOUT = Tables.CLEAN;
    private static final String NOTE = "note";

    private final Phases phases;
    private final PersistedFrames frames;
    private final Path folder;
    private final List<Dataset<Row>> rejects = new ArrayList<>();
    private final List<SampleFilter> waiting = new ArrayList<>();

    /** The samples that are left, and what was edited in each as {@link EditNote}. */
    private Dataset<Row> passing;

    private boolean edits;

    /** @param folder where filters may write files of their own */
    FilterPasses(Phases phases, PersistedFrames frames, Dataset<Row> samples, Path folder) {
        this.phases = phases;
        this.frames = frames;
        this.folder = folder;
        this.passing = samples.withColumn(NOTE, functions.lit(null).cast("string"));
    }

    FilterPasses apply(FilterChain chain) {
        for (FilterStep step : chain.steps()) {
            if (step instanceof SampleFilter filter) {
                waiting.add(filter);
            } else {
                applyWaiting();
                phases.begin("filtering: " + step.reason());
                compare((WholeSetFilter) step);
            }
        }
        applyWaiting();
        return this;
    }

    /** The samples that passed, as {@code clean} has them. */
    Dataset<Row> kept() {
        return passing.drop(NOTE);
    }

    Dataset<Row> rejects() {
        return rejects.stream().reduce(Dataset::unionByName).orElseGet(() -> phases.spark()
                .createDataFrame(List.of(), StructType.fromDDL(Tables.REJECTS.ddl())));
    }

    /** Edits by kind, in the samples that passed. */
    Map<String, Long> edits() {
        Map<String, Long> sum = new TreeMap<>();
        if (edits) {
            for (Row row :
                    passing.where("note IS NOT NULL").groupBy(NOTE).count().collectAsList()) {
                EditNote.parse(row.getString(0))
                        .forEach((kind, count) -> sum.merge(kind, count * row.getLong(1), Long::sum));
            }
        }
        return sum;
    }

    private void applyWaiting() {
        if (waiting.isEmpty()) {
            return;
        }
        phases.begin("filtering");
        RowFilters filters = new RowFilters(waiting);
        edits |= filters.edits();
        Broadcast<RowFilters> shared =
                phases.spark().sparkContext().broadcast(filters, ClassTag$.MODULE$.apply(RowFilters.class));
        int note = LAYOUT.columns().size();
        MapPartitionsFunction<Row, Row> judge = rows -> new Mapping<>(rows, row -> outcome(shared.value(), row, note));
        Dataset<Row> outcomes = frames.keep(passing.mapPartitions(judge, Outcomes.encoder(LAYOUT)));
        rejects.add(Outcomes.refused(outcomes));
        passing = Outcomes.kept(outcomes, LAYOUT, List.of(NOTE));
        waiting.clear();
    }

    private static Row outcome(RowFilters filters, Row row, int note) {
        RowFilters.Judged judged = filters.judge(SampleRows.decode(row));
        return judged.refused()
                .map(Outcomes::refused)
                .orElseGet(() -> Outcomes.kept(
                        judged.sample(),
                        EditNote.orNull(judged.edits(), row.isNullAt(note) ? null : row.getString(note)),
                        0));
    }

    private void compare(WholeSetFilter filter) {
        Dataset<Row> refused = frames.keep(WholeSets.of(filter, frames, folder).refused(passing));
        Column same = Refused.same(passing, refused);
        String reason = filter.reason();
        int detail = LAYOUT.columns().size() + 1;
        MapPartitionsFunction<Row, Row> reject = rows -> new Mapping<>(
                rows,
                row -> RejectRows.encode(FilterChain.reject(SampleRows.decode(row), reason, row.getString(detail))));
        rejects.add(passing.join(refused, same)
                .select(passing.col("*"), refused.col(Refused.DETAIL))
                .mapPartitions(reject, Encoders.row(StructType.fromDDL(Tables.REJECTS.ddl()))));
        passing = passing.join(refused, same, "left_anti");
    }
}
