package io.apus.jobs.launch.command;

import io.apus.jobs.launch.Stage;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code apus stage NAME FILE}: one stage alone. */
@Command(name = "stage", description = "Runs one stage alone; the stages that it reads must be committed.")
final class StageCommand extends SettingsCommand {
    private final List<Stage> stages;

    StageCommand(List<Stage> stages, PrintStream out) {
        super(out);
        this.stages = stages;
    }

    @Override
    protected String synopsis() {
        return "stage NAME FILE [SETTINGS]";
    }

    @Override
    protected void execute() throws Exception {
        Stage stage = named(takeFirst("stage"));
        withFile().execute(List.of(stage));
    }

    private Stage named(String name) {
        List<String> names = stages.stream().map(Stage::name).toList();
        return stages.stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Unknown stage",
                        "\"" + name + "\" is not known",
                        "Did you mean \"" + Registry.nearest(name, names) + "\"? Known: " + String.join(", ", names)
                                + "."));
    }
}
