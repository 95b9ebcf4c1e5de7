package io.apus.spark.stage;

import io.apus.corpus.ingest.Interleave;
import io.apus.corpus.ingest.Refusal;
import io.apus.corpus.ingest.Selection;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Reject;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.table.Tables;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceReader;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.RejectRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** Reads datasets, makes samples of their rows, takes {@code #N} of them and holds some out; writes {@code samples} and {@code rejects}. */
public final class Ingest {
    /**
     * What to ingest.
     *
     * @param datasets what to read, training sets first
     * @param seed of sampling, splitting and mixing
     * @param order whether positions are drawn at random
     * @param splitRatio share of each training set held out
     * @param mix how the training sets are mixed
     * @param strict fail at the first bad row
     * @param sliceBytes most bytes a task reads of a line-wise file ({@link SourceReader#SLICE_BYTES})
     */
    public record Task(
            List<SourceDataset> datasets,
            long seed,
            Order order,
            double splitRatio,
            Mix mix,
            boolean strict,
            long sliceBytes) {
        /** Everything of every dataset in shuffled order, nothing held out. */
        public static Task of(List<SourceDataset> datasets, long seed, long sliceBytes) {
            return new Task(datasets, seed, Order.DEFAULT, 0, Mix.NONE, false, sliceBytes);
        }
    }

    /**
     * Whether {@code #N} and the share held out are taken at random, else from the head.
     *
     * @param train of training sets
     * @param validation of validation sets
     */
    public record Order(boolean train, boolean validation) {
        public static final Order DEFAULT = new Order(true, false);
    }

    /**
     * Mixing of the training sets.
     *
     * @param probabilities one for each; empty uses all rows
     * @param all go on until every set is used up
     */
    public record Mix(List<Double> probabilities, boolean all) {
        public static final Mix NONE = new Mix(List.of(), false);
    }

    /**
     * What was ingested.
     *
     * @param written the tables
     * @param accounting rows read and repeated, kept and refused
     * @param keptByDataset rows kept by dataset
     * @param keptBySplit rows kept by split
     * @param repeated rows beyond the first copy, where {@code #N} or mixing asks for more than there are
     */
    public record Result(
            Written written,
            Accounting accounting,
            Map<String, Long> keptByDataset,
            Map<String, Long> keptBySplit,
            long repeated) {}

    private final Phases phases;
    private final Task task;

    private Ingest(Phases phases, Task task) {
        this.phases = phases;
        this.task = task;
    }

    /** Runs the stage below {@code folder}. */
    public static Result run(Phases phases, Task task, Path folder) {
        return new Ingest(phases, task).run(folder);
    }

    private Result run(Path folder) {
        phases.begin("reading");
        Dataset<Row> outcomes = spread(
                        new SourceReader(phases.spark(), task.sliceBytes(), task.seed()).read(task.datasets()))
                .persist(StorageLevel.DISK_ONLY());
        try {
            Map<Integer, Long> keptRows = rows(outcomes, "kept");
            Map<Integer, Long> refusedRows = rows(outcomes, "refused");
            if (task.strict() && !refusedRows.isEmpty()) {
                refuseFirst(outcomes);
            }
            phases.begin("sampling");
            List<Placement> placements = placements(outcomes.where("kept IS NOT NULL"), keptRows);
            Dataset<Row> placed = place(outcomes.where("kept IS NOT NULL"), placements);
            Written written = Written.write(
                    phases,
                    folder,
                    Tables.SAMPLES,
                    Outcomes.kept(copies(placed), Tables.SAMPLES),
                    Outcomes.refused(outcomes).unionByName(notSampled(placed, placements)));
            return result(written, sum(keptRows) + sum(refusedRows), placements);
        } finally {
            outcomes.unpersist();
        }
    }

    /** A single file that one task read is spread over all cores for the stages behind. */
    private Dataset<Row> spread(Dataset<Row> outcomes) {
        int cores = phases.spark().sparkContext().defaultParallelism();
        Column row = functions.coalesce(functions.col("kept.row"), functions.col("refused.row"));
        return outcomes.javaRDD().getNumPartitions() < cores ? outcomes.repartition(cores, row) : outcomes;
    }

    private static void refuseFirst(Dataset<Row> outcomes) {
        Dataset<Row> refused = Outcomes.refused(outcomes);
        for (Row row : refused.orderBy("dataset_index", "row").limit(1).collectAsList()) {
            Reject reject = RejectRows.decode(row);
            throw new UserError(
                    "Cannot ingest " + reject.key().dataset(),
                    reject.reason() + " at " + reject.detail(),
                    "Mend the row, or leave out strict to have bad rows refused and counted.");
        }
    }

    /** Rows by dataset. */
    private static Map<Integer, Long> rows(Dataset<Row> outcomes, String outcome) {
        Map<Integer, Long> rows = new HashMap<>();
        outcomes.where(functions.col(outcome).isNotNull())
                .groupBy(functions.col(outcome + ".dataset_index"))
                .count()
                .collectAsList()
                .forEach(count -> rows.put(count.getInt(0), count.getLong(1)));
        return rows;
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private List<Placement> placements(Dataset<Row> kept, Map<Integer, Long> rows) {
        List<Selection> selections = new ArrayList<>();
        for (SourceDataset dataset : task.datasets()) {
            double ratio = dataset.validation() ? 0 : task.splitRatio();
            selections.add(Selection.of(rows.getOrDefault(dataset.index(), 0L), dataset.sample(), ratio));
        }
        if (!task.mix().probabilities().isEmpty()) {
            mix(selections);
        }
        List<Placement> placements = new ArrayList<>();
        for (int i = 0; i < selections.size(); i++) {
            SourceDataset dataset = task.datasets().get(i);
            boolean shuffle = dataset.validation()
                    ? task.order().validation()
                    : task.order().train();
            placements.add(Placement.of(dataset, selections.get(i), kept, shuffle));
        }
        return placements;
    }

    /** Training sets come first, one for each probability; validation sets are used whole. */
    private void mix(List<Selection> selections) {
        int sets = task.mix().probabilities().size();
        List<String> names =
                task.datasets().stream().limit(sets).map(SourceDataset::name).toList();
        long[] lengths =
                selections.stream().limit(sets).mapToLong(Selection::taken).toArray();
        long[] counts = new Interleave(names, lengths, task.mix().probabilities())
                .counts(task.mix().all(), task.seed());
        for (int i = 0; i < sets; i++) {
            selections.set(i, selections.get(i).drawn(counts[i]));
        }
    }

    /** The columns {@code copies} and {@code split} behind the outcome. */
    private static Dataset<Row> place(Dataset<Row> kept, List<Placement> placements) {
        Column copies = functions.lit(0);
        Column split = functions.lit("");
        for (Placement placement : placements) {
            copies = functions.when(placement.isOwn(), placement.copies()).otherwise(copies);
            split = functions.when(placement.isOwn(), placement.split()).otherwise(split);
        }
        return kept.withColumn("copies", copies).withColumn("split", split);
    }

    private static Dataset<Row> copies(Dataset<Row> placed) {
        Column numbers =
                functions.sequence(functions.lit(0), functions.col("copies").minus(1));
        return placed.where("copies > 0")
                .withColumn("copy", functions.explode(numbers))
                .withColumn(
                        "kept",
                        functions
                                .col("kept")
                                .withField("split", functions.col("split"))
                                .withField("copy", functions.col("copy")));
    }

    /** Rows that {@code #N} or mixing left out are no bad rows: they are listed by their key, without their text. */
    private static Dataset<Row> notSampled(Dataset<Row> placed, List<Placement> placements) {
        Column detail = functions.lit("");
        for (Placement placement : placements) {
            detail = functions
                    .when(placement.isOwn(), functions.lit(placement.reason()))
                    .otherwise(detail);
        }
        return placed.where("copies = 0")
                .select(
                        functions.col("kept.dataset"),
                        functions.col("kept.dataset_index"),
                        functions.col("kept.row"),
                        functions.col("kept.copy"),
                        functions.lit("ingest").as("stage"),
                        functions.lit(Refusal.NOT_SAMPLED.code()).as("reason"),
                        detail.as("detail"),
                        functions.lit("").as("raw"));
    }

    private Result result(Written written, long read, List<Placement> placements) {
        Map<String, Long> byDataset = new TreeMap<>();
        Map<String, Long> bySplit = new TreeMap<>();
        for (Row row : written.kept()
                .read(phases.spark())
                .groupBy("dataset", "split")
                .count()
                .collectAsList()) {
            byDataset.merge(row.getString(0), row.getLong(2), Long::sum);
            bySplit.merge(row.getString(1), row.getLong(2), Long::sum);
        }
        long repeated = placements.stream().mapToLong(Placement::repeated).sum();
        Accounting accounting = new Accounting(read + repeated, sum(byDataset), written.refused());
        return new Result(written, accounting, byDataset, bySplit, repeated);
    }
}
