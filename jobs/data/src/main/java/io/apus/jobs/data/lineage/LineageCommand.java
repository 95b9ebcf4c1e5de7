package io.apus.jobs.data.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.spark.lineage.DatasetAccount;
import io.apus.spark.lineage.Lineage;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code apus lineage RUN}: where each row of the training set came from, and why any row is missing. */
@Command(
        name = "lineage",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Prints where each row of the training set came from, and why any row is missing.")
public final class LineageCommand implements Callable<Integer> {
    private static final int INCOMPLETE = 1;

    private final PrintStream out;
    private final Supplier<SparkSession> session;

    @Parameters(paramLabel = "RUN", description = "output_dir of a run, or its run file")
    private Path run;

    @Option(names = "--dataset", description = "only rows of this dataset")
    private String dataset;

    @Option(names = "--row", description = "only this row of the dataset, from 0")
    private Long row;

    @Option(names = "--packed_row", description = "only the samples of this packed row, from 0")
    private Long packedRow;

    @Option(names = "--reason", description = "only rows that were refused for this reason")
    private String reason;

    @Option(
            names = "--limit",
            defaultValue = "20",
            description = "most samples and most refused rows listed (${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    /** Writes standard output in UTF-8 and opens a session of its own. */
    public LineageCommand() {
        this(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                () -> Sessions.forReading("apus lineage"));
    }

    LineageCommand(PrintStream out, Supplier<SparkSession> session) {
        this.out = out;
        this.session = session;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        CommittedRun committed = CommittedRun.open(folder());
        if (limit < 0) {
            throw new UserError("Cannot list rows", "--limit is " + limit, "Give a number from 0.");
        }
        LineageReport report = report(committed);
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(report.data()));
        } else {
            LineageText.lines(report).forEach(out::println);
        }
        return report.addsUp() ? 0 : INCOMPLETE;
    }

    private Path folder() {
        return Files.isRegularFile(run)
                ? Path.of(RunSpecReader.read(run, List.of()).outputDir())
                : run;
    }

    private LineageReport report(CommittedRun committed) {
        Lineage lineage = new Lineage(session.get(), committed.placement(), committed.rejects());
        List<DatasetAccount> accounts = lineage.accounts();
        requireKnown(accounts);
        Lineage.Choice choice = new Lineage.Choice(dataset, row, packedRow, reason);
        return new LineageReport(
                committed.layout().root().toString(),
                committed.stages(),
                accounts,
                reason == null ? lineage.placed(choice, limit) : List.of(),
                packedRow == null ? lineage.refused(choice, limit) : List.of());
    }

    private void requireKnown(List<DatasetAccount> accounts) {
        List<String> names =
                accounts.stream().map(DatasetAccount::dataset).distinct().toList();
        if (dataset != null && !names.contains(dataset)) {
            throw new UserError(
                    "Unknown dataset",
                    "\"" + dataset + "\" is not known in this run",
                    "Did you mean \"" + Registry.nearest(dataset, names) + "\"? Known: " + String.join(", ", names)
                            + ".");
        }
    }
}
