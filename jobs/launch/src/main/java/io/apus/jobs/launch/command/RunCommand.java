package io.apus.jobs.launch.command;

import io.apus.jobs.launch.Stage;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code apus run FILE}: every stage of a run file. */
@Command(name = "run", description = "Runs every stage of a run file that is not committed yet.")
final class RunCommand extends SettingsCommand {
    private final List<Stage> stages;

    @Option(names = "--dry_run", description = "Print the plan and run nothing.")
    private boolean dryRun;

    RunCommand(List<Stage> stages, PrintStream out) {
        super(out);
        this.stages = stages;
    }

    @Override
    protected String synopsis() {
        return "run FILE [SETTINGS] [--dry_run]";
    }

    @Override
    protected void execute() throws Exception {
        if (dryRun) {
            withFile().plan(stages).forEach(this::print);
        } else {
            withFile().execute(stages);
        }
    }
}
