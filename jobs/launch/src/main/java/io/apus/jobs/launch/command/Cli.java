package io.apus.jobs.launch.command;

import io.apus.jobs.launch.CodeVersion;
import io.apus.jobs.launch.Failures;
import io.apus.jobs.launch.Stage;
import io.apus.schemas.Registry;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line {@code apus}. Exit codes: 0 done, 2 for what the user can mend (one clear line on standard error), 1 for a bug
 * (with its stack trace), 143 for a run that was told to stop and goes on with the same command.
 */
public final class Cli {
    private final CommandLine line;
    private final PrintStream err;

    /**
     * @param stages all stages, in the order in which they run
     * @param extraCommands further picocli commands, e.g. {@code infer}
     */
    public Cli(List<Stage> stages, List<Object> extraCommands) {
        this(stages, extraCommands, System.out, System.err);
    }

    Cli(List<Stage> stages, List<Object> extraCommands, PrintStream out, PrintStream err) {
        this.err = err;
        this.line = new CommandLine(new Root());
        line.addSubcommand(new RunCommand(stages, out));
        line.addSubcommand(TrainCommand.sft(stages, out));
        line.addSubcommand(TrainCommand.pt(stages, out));
        line.addSubcommand(new PlanCommand(stages, out));
        line.addSubcommand(new StagesCommand(stages, out));
        line.addSubcommand(new StageCommand(stages, out));
        line.addSubcommand(new DownloadCommand(out, System.getenv()));
        extraCommands.forEach(line::addSubcommand);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler((failure, command, parsed) -> Failures.report(failure, err));
        line.setParameterExceptionHandler((failure, words) -> usage(failure));
    }

    /** Runs the command that {@code words} spell and returns the exit code. */
    public int execute(String... words) {
        return line.execute(spelled(words));
    }

    /** ms-swift reads {@code _} in a command as {@code -}. */
    private static String[] spelled(String[] words) {
        String[] spelled = words.clone();
        if (spelled.length > 0 && !spelled[0].startsWith("-")) {
            spelled[0] = spelled[0].replace('_', '-');
        }
        return spelled;
    }

    private int usage(ParameterException failure) {
        String message = failure.getMessage();
        if (failure instanceof UnmatchedArgumentException unmatched && failure.getCommandLine() == line) {
            String word = unmatched.getUnmatched().get(0);
            List<String> names = new ArrayList<>(line.getSubcommands().keySet());
            message = "Unknown command \"" + word + "\": did you mean \"" + Registry.nearest(word, names)
                    + "\"? Known: " + String.join(", ", names) + ".";
        }
        err.println(message);
        return Failures.USER_ERROR;
    }

    @Command(
            name = "apus",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Fine-tunes, evaluates and exports language models as Spark jobs.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Root implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(),
                    "Give a command: " + String.join(", ", spec.subcommands().keySet()) + ". See apus --help.");
        }
    }

    private static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"apus " + CodeVersion.get()};
        }
    }
}
