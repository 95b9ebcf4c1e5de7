package io.apus.jobs.launch.command;

import io.apus.jobs.launch.Stage;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code apus sft} and {@code apus pt}: a run from flags, as ms-swift spells them. */
@Command(description = "Runs every stage with the settings given as flags.")
final class TrainCommand extends SettingsCommand {
    private final String name;
    private final List<String> defaults;
    private final List<Stage> stages;

    @Option(names = "--dry_run", description = "Print the plan and run nothing.")
    private boolean dryRun;

    private TrainCommand(String name, List<String> defaults, List<Stage> stages, PrintStream out) {
        super(out);
        this.name = name;
        this.defaults = defaults;
        this.stages = stages;
    }

    /** Supervised fine-tuning. */
    static CommandLine sft(List<Stage> stages, PrintStream out) {
        return command("sft", List.of(), stages, out);
    }

    /** Continued pre-training: plain text, every token trained on. */
    static CommandLine pt(List<Stage> stages, PrintStream out) {
        return command("pt", List.of("--use_chat_template", "false", "--loss_scale", "all"), stages, out);
    }

    private static CommandLine command(String name, List<String> defaults, List<Stage> stages, PrintStream out) {
        return new CommandLine(new TrainCommand(name, defaults, stages, out)).setCommandName(name);
    }

    @Override
    protected String synopsis() {
        return name + " [FILE] SETTINGS [--dry_run]";
    }

    @Override
    protected void execute() throws Exception {
        if (dryRun) {
            anyway(defaults).plan(stages).forEach(this::print);
        } else {
            anyway(defaults).execute(stages);
        }
    }
}
