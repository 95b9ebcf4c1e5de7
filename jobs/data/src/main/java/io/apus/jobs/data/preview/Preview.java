package io.apus.jobs.data.preview;

import io.apus.corpus.tokenize.TokenText;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.schemas.UserError;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.table.Tables;
import io.apus.shards.ManifestFile;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TokenRows;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Prints the first samples of a committed tokenize stage. */
public final class Preview {
    private static final String STAGE = "tokenize";

    private final PublishedTable tokens;
    private final Tokenizer tokenizer;

    private Preview(PublishedTable tokens, Tokenizer tokenizer) {
        this.tokens = tokens;
        this.tokenizer = tokenizer;
    }

    /**
     * The samples of the run in {@code layout}.
     *
     * @param model folder with its tokenizer
     * @throws UserError where the stage is not committed
     */
    public static Preview of(RunLayout layout, Path model) {
        Path manifest = layout.manifest(STAGE);
        if (!Files.exists(manifest)) {
            throw new UserError(
                    "Cannot preview the run",
                    "its tokenize stage is not committed in " + layout.root(),
                    "Run it with apus run, or its stages ingest, filter and tokenize with apus stage.");
        }
        Manifest.Output output = ManifestFile.read(manifest).outputs().stream()
                .filter(each -> each.name().equals(Tables.TOKENS.name()))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Cannot preview the run",
                        "the manifest of tokenize lists no tokens",
                        "Delete " + layout.stage(STAGE) + " and run again."));
        return new Preview(
                new PublishedTable(layout.root().resolve(output.path()), output.version()), Tokenizers.load(model));
    }

    /** Prints {@code rows} samples in their order, with colours or plain, and what the colours mean. */
    public void print(SparkSession spark, int rows, boolean isColoured, PrintStream out) {
        TokenPainter painter = new TokenPainter(isColoured);
        for (TokenRow row : TokenRows.first(tokens, spark, rows)) {
            out.println(row.key().id() + " · " + row.split() + (row.part() > 0 ? " · part " + row.part() : ""));
            painter.lines(TokenText.of(row, tokenizer)).forEach(out::println);
            out.println();
        }
        if (isColoured) {
            out.println(painter.legend());
        }
        out.flush();
    }
}
