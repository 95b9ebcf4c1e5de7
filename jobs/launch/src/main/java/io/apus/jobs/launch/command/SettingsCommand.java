package io.apus.jobs.launch.command;

import io.apus.jobs.launch.ConfFolder;
import io.apus.jobs.launch.Run;
import io.apus.jobs.launch.options.OptionHelp;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.RunSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** A command whose words make a run's settings: a run file, flags and overrides, which picocli leaves to us. */
public abstract class SettingsCommand implements Callable<Integer> {
    private final PrintStream out;

    @Unmatched
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            description = "List every option with its default.")
    private boolean help;

    /** @param out where it prints */
    protected SettingsCommand(PrintStream out) {
        this.out = out;
    }

    /** What follows {@code apus}, e.g. {@code run FILE [SETTINGS]}. */
    protected abstract String synopsis();

    /** Does it; whatever it throws is reported to the user. */
    protected abstract void execute() throws Exception;

    @Override
    public final Integer call() throws Exception {
        if (help) {
            print("Usage: apus " + synopsis());
            print("SETTINGS are --option VALUE, or section.option=VALUE. Defaults stand in brackets.");
            print("");
            OptionHelp.lines().forEach(this::print);
        } else {
            execute();
        }
        return 0;
    }

    protected final void print(String line) {
        out.println(line);
    }

    protected final PrintStream out() {
        return out;
    }

    /** The settings of a command that may have a run file. */
    protected final RunSpec settings() {
        return read(file(), List.of());
    }

    /** The folder of catalogs that belongs to them. */
    protected final Path conf() {
        return ConfFolder.find(file());
    }

    /** The run of a command that needs a run file. */
    final Run withFile() {
        Optional<Path> file = file();
        if (file.isEmpty()) {
            throw usage("no run file given");
        }
        return open(file, List.of());
    }

    /** The run of a command that may have a run file; {@code defaults} are words that all others win over. */
    final Run anyway(List<String> defaults) {
        return open(file(), defaults);
    }

    /** Takes the first word away, e.g. the name of a stage. */
    final String takeFirst(String noun) {
        if (words.isEmpty() || words.get(0).startsWith("-")) {
            throw usage("no " + noun + " given");
        }
        return words.remove(0);
    }

    private UserError usage(String cause) {
        return new UserError("Cannot run", cause, "Usage: apus " + synopsis());
    }

    private Run open(Optional<Path> file, List<String> defaults) {
        return new Run(read(file, defaults), ConfFolder.find(file), out);
    }

    private RunSpec read(Optional<Path> file, List<String> defaults) {
        List<String> rest = file.isPresent() ? words.subList(1, words.size()) : words;
        return RunSpecReader.read(file, defaults, List.copyOf(rest));
    }

    private Optional<Path> file() {
        boolean named = !words.isEmpty() && words.get(0).matches("(?!-)[^=]+\\.(yaml|yml|json)");
        return named ? Optional.of(Path.of(words.get(0))) : Optional.empty();
    }
}
