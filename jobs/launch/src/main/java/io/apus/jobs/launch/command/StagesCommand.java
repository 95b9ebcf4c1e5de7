package io.apus.jobs.launch.command;

import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageStatus;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code apus stages FILE}: where each stage of a run stands. */
@Command(name = "stages", description = "Lists the stages of a run: committed or not, rows, time.")
final class StagesCommand extends SettingsCommand {
    private final List<Stage> stages;

    StagesCommand(List<Stage> stages, PrintStream out) {
        super(out);
        this.stages = stages;
    }

    @Override
    protected String synopsis() {
        return "stages [FILE] SETTINGS";
    }

    @Override
    protected void execute() {
        List<StageStatus> all = anyway(List.of()).status(stages);
        print(String.format(Locale.ROOT, "%-10s%-11s%10s%10s%10s", "stage", "state", "in", "kept", "seconds"));
        all.forEach(status -> print(line(status)));
    }

    private static String line(StageStatus status) {
        String name = String.format(Locale.ROOT, "%-10s%-11s", status.stage().name(), status.word());
        return status.manifest()
                .map(manifest -> name
                        + String.format(
                                Locale.ROOT,
                                "%10d%10d%10.1f",
                                manifest.accounting().in(),
                                manifest.accounting().kept(),
                                manifest.seconds()))
                .orElse(name.stripTrailing());
    }
}
