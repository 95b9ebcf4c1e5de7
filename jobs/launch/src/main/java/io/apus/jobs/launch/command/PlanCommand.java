package io.apus.jobs.launch.command;

import io.apus.jobs.launch.Stage;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code apus plan FILE}: what a run would do. */
@Command(name = "plan", description = "Prints what a run would do: stages, tables, tokens, steps, memory.")
final class PlanCommand extends SettingsCommand {
    private final List<Stage> stages;

    PlanCommand(List<Stage> stages, PrintStream out) {
        super(out);
        this.stages = stages;
    }

    @Override
    protected String synopsis() {
        return "plan [FILE] SETTINGS";
    }

    @Override
    protected void execute() {
        anyway(List.of()).plan(stages).forEach(this::print);
    }
}
