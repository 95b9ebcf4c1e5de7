package io.apus.spark.stage;

import io.apus.corpus.filter.FilterChain;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.table.Tables;
import io.apus.spark.filter.PersistedFrames;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Applies the filters in order; writes {@code clean} and {@code rejects}. */
public final class Filter {
    /**
     * What was filtered.
     *
     * @param written the tables
     * @param accounting samples in, kept and refused
     * @param keptBySplit rows kept by split
     * @param edits changes in the kept rows by kind, e.g. {@code pii_email}
     */
    public record Result(
            Written written, Accounting accounting, Map<String, Long> keptBySplit, Map<String, Long> edits) {}

    private Filter() {}

    /**
     * Runs the stage below {@code folder} on the samples of an ingest.
     *
     * @param chain the filters, {@link FilterChain#load loaded}
     */
    public static Result run(Phases phases, FilterChain chain, PublishedTable samples, Path folder) {
        Dataset<Row> input = samples.read(phases.spark());
        try (PersistedFrames frames = new PersistedFrames(phases.spark(), folder.resolve("frames"))) {
            FilterPasses passes = new FilterPasses(phases, frames, input, folder).apply(chain);
            Written written = Written.write(phases, folder, Tables.CLEAN, passes.kept(), passes.rejects());
            Map<String, Long> kept = Written.countBy(written.kept().read(phases.spark()), "split");
            long rows = kept.values().stream().mapToLong(Long::longValue).sum();
            Accounting accounting = new Accounting(input.count(), rows, written.refused());
            return new Result(written, accounting, kept, passes.edits());
        }
    }
}
