package io.apus.spark.stage;

import io.apus.corpus.tokenize.ModelLimits;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.TokenizeSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/** Turns samples into token ids and loss weights; writes {@code tokens} and {@code rejects}, and the model folder of a new model. */
public final class Tokenize {
    /**
     * How to tokenize.
     *
     * @param spec how samples become tokens
     * @param model folder of the model; written first where {@code create} is given
     * @param create the model to make, or null to use the one that is there
     */
    public record Task(TokenizeSpec spec, Path model, CreateModelSpec create) {}

    /** Rows (samples, or pieces of split ones), tokens, tokens with a loss weight above 0, and the highest token id. */
    public record Counts(long rows, long tokens, long trainedTokens, int highestId) {}

    /**
     * What was tokenized.
     *
     * @param written the tables
     * @param accounting samples in, kept and refused; a split sample counts once
     * @param bySplit what was written, by split
     * @param maxLength most tokens of a row
     * @param tokenizerSha256 of the tokenizer.json that was used
     */
    public record Result(
            Written written,
            Accounting accounting,
            Map<String, Counts> bySplit,
            int maxLength,
            String tokenizerSha256) {}

    private Tokenize() {}

    /**
     * Runs the stage below {@code folder} on the samples of a filter.
     *
     * @throws io.apus.schemas.UserError if a token has no embedding in the model
     */
    public static Result run(Phases phases, Task task, PublishedTable clean, Path folder) {
        Dataset<Row> samples = clean.read(phases.spark());
        if (task.create() != null) {
            LearnVocabulary.run(phases, task.create(), samples, task.model());
        }
        int maxLength = ModelLimits.maxLength(task.model(), task.spec());
        String tokenizer = Tokenizers.load(task.model()).sha256();
        phases.begin("tokenizing");
        Dataset<Row> outcomes = samples.mapPartitions(
                        encode(EncoderSettings.of(task.model(), task.spec())), Outcomes.encoder(Tables.TOKENS))
                .persist(StorageLevel.DISK_ONLY());
        try {
            Written written = Written.write(phases, folder, Tables.TOKENS, outcomes);
            Dataset<Row> tokens = written.kept().read(phases.spark());
            Map<String, Counts> bySplit = bySplit(tokens);
            bySplit.values().forEach(counts -> ModelLimits.requireEmbeddings(task.model(), counts.highestId()));
            long kept = tokens.select("dataset_index", "row", "copy").distinct().count();
            return new Result(
                    written, new Accounting(samples.count(), kept, written.refused()), bySplit, maxLength, tokenizer);
        } finally {
            outcomes.unpersist();
        }
    }

    private static MapPartitionsFunction<Row, Row> encode(EncoderSettings settings) {
        return rows -> new EncodedBatches(rows, settings.encoder());
    }

    private static Map<String, Counts> bySplit(Dataset<Row> tokens) {
        Map<String, Counts> counts = new TreeMap<>();
        tokens.groupBy("split")
                .agg(
                        functions.count("*"),
                        functions.sum("length"),
                        functions.sum(functions.expr("size(filter(loss_weights, w -> w > 0))")),
                        functions.max(functions.expr("array_max(input_ids)")))
                .collectAsList()
                .forEach(row -> counts.put(
                        row.getString(0), new Counts(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4))));
        return counts;
    }
}
