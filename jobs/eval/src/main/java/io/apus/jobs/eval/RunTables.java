package io.apus.jobs.eval;

import io.apus.corpus.tokenize.TokenText;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.eval.report.ReportData;
import io.apus.eval.task.EvalItem;
import io.apus.eval.task.EvalKinds;
import io.apus.eval.task.HeldOut;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.Splits;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.table.Tables;
import io.apus.shards.ManifestFile;
import io.apus.spark.table.Keys;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.RejectRows;
import io.apus.spark.table.SampleRows;
import io.apus.spark.table.TokenRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/** What evaluation and report read from the tables of the stages before. */
final class RunTables {
    private static final List<String> REFUSING_STAGES = List.of("ingest", "filter", "tokenize", "pack");
    private static final int EXAMPLES_PER_REASON = 3;
    private static final int PREVIEWS = 3;
    private static final int PREVIEW_TOKENS = 600;

    private final SparkSession spark;
    private final RunLayout layout;

    RunTables(SparkSession spark, RunLayout layout) {
        this.spark = spark;
        this.layout = layout;
    }

    /** The first {@code count} held-out conversations, as items whose last answer the model shall write. */
    List<EvalItem> heldOutSamples(int count) {
        if (count == 0) {
            return List.of();
        }
        return table("filter", Tables.CLEAN.name())
                .map(table -> table
                        .read(spark)
                        .where(functions.col("split").equalTo(Splits.VALIDATION))
                        .where("element_at(messages, -1).role = 'assistant' AND size(messages) > 1")
                        .orderBy(Keys.order("").toArray(Column[]::new))
                        .limit(count)
                        .collectAsList()
                        .stream()
                        .map(SampleRows::decode)
                        .map(RunTables::item)
                        .toList())
                .orElse(List.of());
    }

    private static EvalItem item(Sample sample) {
        int last = sample.messages().size() - 1;
        List<Message> before = sample.messages().subList(0, last);
        String reference = sample.messages().get(last).content();
        return new EvalItem(
                HeldOut.TASK, EvalKinds.GENERATION, sample.key().id(), before, List.of(), -1, reference, null);
    }

    /** Some refused rows of each stage and reason, in the order of their keys. */
    List<Reject> rejectExamples() {
        List<Reject> examples = new ArrayList<>();
        for (String stage : REFUSING_STAGES) {
            table(stage, Tables.REJECTS.name()).ifPresent(table -> examples.addAll(examples(table.read(spark))));
        }
        return examples;
    }

    private static List<Reject> examples(Dataset<Row> rejects) {
        Column rank = functions
                .row_number()
                .over(Window.partitionBy("reason").orderBy(Keys.order("").toArray(Column[]::new)));
        return rejects.withColumn("rank", rank).where("rank <= " + EXAMPLES_PER_REASON).collectAsList().stream()
                .map(RejectRows::decode)
                .sorted((a, b) -> a.reason().equals(b.reason())
                        ? a.key().compareTo(b.key())
                        : a.reason().compareTo(b.reason()))
                .toList();
    }

    /** Some training samples as tokens. */
    List<ReportData.Preview> previews(Path tokenizerFolder) {
        Tokenizer tokenizer = Tokenizers.load(tokenizerFolder);
        return table("tokenize", Tables.TOKENS.name())
                .map(table -> TokenRows.first(table, spark, PREVIEWS).stream()
                        .map(row -> preview(row, tokenizer))
                        .toList())
                .orElse(List.of());
    }

    private static ReportData.Preview preview(TokenRow row, Tokenizer tokenizer) {
        List<ReportData.Token> tokens = TokenText.of(row, tokenizer).stream()
                .map(token -> new ReportData.Token(token.text(), token.weight()))
                .toList();
        int shown = Math.min(tokens.size(), PREVIEW_TOKENS);
        return new ReportData.Preview(row.key().id(), tokens.subList(0, shown), tokens.size());
    }

    private Optional<PublishedTable> table(String stage, String name) {
        if (!Files.exists(layout.manifest(stage))) {
            return Optional.empty();
        }
        return ManifestFile.read(layout.manifest(stage)).outputs().stream()
                .filter(output -> output.name().equals(name) && output.version() >= 0)
                .findFirst()
                .map(Manifest.Output::version)
                .map(version -> new PublishedTable(layout.table(stage, name), version));
    }
}
