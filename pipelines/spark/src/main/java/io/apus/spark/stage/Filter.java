package io.apus.spark.stage;

import io.apus.corpus.filter.ContentHash;
import io.apus.corpus.filter.FilterChain;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.spec.FilterSpec;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.RejectRows;
import io.apus.spark.table.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** Applies the filters in order, then drops exact duplicates over all samples; writes {@code clean} and {@code rejects}. */
public final class Filter {
    private static final TableLayout LAYOUT = Tables.CLEAN;

    /**
     * What was filtered.
     *
     * @param written the tables
     * @param accounting samples in, kept and refused
     * @param keptBySplit rows kept by split
     */
    public record Result(Written written, Accounting accounting, Map<String, Long> keptBySplit) {}

    private Filter() {}

    /** Runs the stage below {@code folder} on the samples of an ingest. */
    public static Result run(Phases phases, FilterSpec spec, PublishedTable samples, Path folder) {
        FilterChain chain = FilterChain.of(spec);
        phases.begin("filtering");
        Dataset<Row> input = samples.read(phases.spark());
        Dataset<Row> outcomes =
                input.mapPartitions(filters(spec), Outcomes.encoder(LAYOUT)).persist(StorageLevel.DISK_ONLY());
        try {
            Written written = chain.dropsExactDuplicates()
                    ? writeDistinct(phases, outcomes, folder)
                    : Written.write(phases, folder, LAYOUT, outcomes);
            Map<String, Long> kept = Written.countBy(written.kept().read(phases.spark()), "split");
            long rows = kept.values().stream().mapToLong(Long::longValue).sum();
            return new Result(written, new Accounting(input.count(), rows, written.refused()), kept);
        } finally {
            outcomes.unpersist();
        }
    }

    /** A spec does not travel to the executors, so its parts do. */
    private static MapPartitionsFunction<Row, Row> filters(FilterSpec spec) {
        ArrayList<String> names = new ArrayList<>(spec.filters());
        int shortest = spec.minCharacters();
        int longest = spec.maxCharacters();
        return rows -> {
            FilterChain chain = FilterChain.of(new FilterSpec(names, shortest, longest));
            return map(rows, chain);
        };
    }

    private static Iterator<Row> map(Iterator<Row> rows, FilterChain chain) {
        return new Mapping<>(rows, row -> {
            Sample sample = SampleRows.decode(row);
            Optional<Reject> refused = chain.refuse(sample);
            return refused.isPresent()
                    ? Outcomes.refused(refused.get())
                    : Outcomes.kept(sample, ContentHash.of(sample), 0);
        });
    }

    /** Of the rows with equal content the one with the smallest key stays, with all its copies. */
    private static Written writeDistinct(Phases phases, Dataset<Row> outcomes, Path folder) {
        Column key = functions.struct(
                functions.col("kept.dataset_index"), functions.col("kept.row"), functions.col("kept.dataset"));
        Dataset<Row> passed = outcomes.where("kept IS NOT NULL").withColumn("key", key);
        Dataset<Row> repeated = passed.groupBy("note")
                .agg(functions.min("key").as("first"), functions.max("key").as("last"))
                .where("first != last")
                .select("note", "first");
        Dataset<Row> marked = passed.join(repeated, passed.col("note").equalTo(repeated.col("note")), "left")
                .select("kept", "key", "first");
        Dataset<Row> distinct = marked.where("first IS NULL OR first = key");
        Dataset<Row> duplicates = marked.where("first != key");
        return Written.write(
                phases,
                folder,
                LAYOUT,
                Outcomes.kept(distinct, LAYOUT),
                Outcomes.refused(outcomes).unionByName(rejects(duplicates)));
    }

    private static Dataset<Row> rejects(Dataset<Row> duplicates) {
        StructType layout = StructType.fromDDL(Tables.REJECTS.ddl());
        int samples = LAYOUT.columns().size();
        MapPartitionsFunction<Row, Row> reject = rows -> new Mapping<>(rows, row -> {
            SampleKey kept = new SampleKey(row.getString(samples), 0, row.getLong(samples + 1), 0);
            return RejectRows.encode(FilterChain.duplicate(SampleRows.decode(row), kept));
        });
        List<String> first = List.of("first.dataset", "first.row");
        return Outcomes.kept(duplicates, LAYOUT, first).mapPartitions(reject, Encoders.row(layout));
    }
}
