package io.apus.jobs.data.stream;

import io.apus.jobs.launch.ConsoleProgress;
import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.command.SettingsCommand;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.RunSpec;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code apus stream FILE}: packs what arrives in folders or a Delta table, exactly once. */
@Command(name = "stream", description = "Packs what arrives in folders or a Delta table, exactly once.")
public final class StreamCommand extends SettingsCommand {
    @Option(names = "--watch", paramLabel = "SECONDS", description = "Look for new data this often, without end.")
    private long watchSeconds;

    @Option(names = "--table", paramLabel = "FOLDER", description = "A Delta table that receives the samples too.")
    private Path table;

    /** Writes standard output in UTF-8. */
    public StreamCommand() {
        super(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    }

    @Override
    protected String synopsis() {
        return "stream [FILE] [SETTINGS] [--watch SECONDS] [--table FOLDER]";
    }

    @Override
    protected void execute() throws Exception {
        if (watchSeconds < 0) {
            throw new UserError("Cannot watch", "--watch is " + watchSeconds, "Give a number of seconds.");
        }
        RunSpec spec = settings();
        ConsoleProgress progress = ConsoleProgress.on(out(), phase -> {});
        StreamState state = new StreamRun(spec, conf(), new StreamRun.Task(table, watchSeconds), progress)
                .run(() -> Sessions.open(spec));
        print(state == null ? "Nothing has arrived." : summary(spec, state));
    }

    private static String summary(RunSpec spec, StreamState state) {
        long rows = state.shards().values().stream()
                .mapToLong(shards -> shards.rows())
                .sum();
        long samples = state.shards().values().stream()
                .mapToLong(shards -> shards.samples())
                .sum();
        return state.batch() + 1 + " batches, " + samples + " samples in " + rows
                + " packed rows. To train on them: apus run with the" + " same settings (output_dir " + spec.outputDir()
                + ").";
    }
}
