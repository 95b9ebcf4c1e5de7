package io.apus.jobs.data.preview;

import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code apus preview RUN}: what a model reads and what it is trained on, token by token, from the tokens that a run has committed. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows samples of a run as tokens, coloured by their weight in the loss.")
public final class PreviewCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "run file whose tokenize stage is committed; overrides may follow")
    private Path run;

    @Unmatched
    private List<String> words = new ArrayList<>();

    @Option(names = "--rows", defaultValue = "5", description = "how many samples (${DEFAULT-VALUE})")
    private int rows;

    @Option(names = "--no_color", description = "no colours: a line for each run of tokens of one weight")
    private boolean noColor;

    /** One thread is enough for some rows, whatever cluster the run itself uses. */
    @Override
    public Integer call() {
        if (rows < 1) {
            throw new UserError("Cannot preview " + run, "--rows is " + rows, "Give at least 1.");
        }
        List<String> settings = new ArrayList<>(words);
        settings.add("cluster.master=local[1]");
        RunSpec spec = RunSpecReader.read(run, settings);
        RunLayout layout = new RunLayout(Path.of(spec.outputDir()));
        Preview preview = Preview.of(layout, layout.tokenizer(spec.model()));
        try (SparkSession spark = Sessions.open(spec)) {
            preview.print(spark, rows, !noColor, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        }
        return 0;
    }
}
