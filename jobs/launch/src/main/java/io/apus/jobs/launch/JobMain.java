package io.apus.jobs.launch;

import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The body of every main that spark-submit starts: {@code RUN_FILE [section.option=value ...]}. */
public final class JobMain {
    private JobMain() {}

    /** Runs one stage, whose inputs must be committed. Ends the process with the code of {@link Failures} when it fails; returns when it succeeds. */
    public static void run(Stage stage, String[] args) {
        run(List.of(stage), args);
    }

    /** Runs stages in order. Where the session is a platform's own, so is the process: a failure is thrown and ends neither. */
    public static void run(List<Stage> stages, String[] args) {
        try {
            execute(stages, args);
        } catch (Exception | Error e) {
            int code = Failures.report(e, System.err);
            if (!Sessions.isRunning()) {
                System.exit(code);
            }
            throw e instanceof RuntimeException failure ? failure : new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void execute(List<Stage> stages, String[] args) throws Exception {
        if (args.length == 0) {
            throw new UserError("Cannot run", "no run file given", "Usage: RUN_FILE [section.option=value ...]");
        }
        Path file = Path.of(args[0]);
        RunSpec spec = RunSpecReader.read(file, Arrays.asList(args).subList(1, args.length));
        new Run(spec, ConfFolder.find(Optional.of(file)), System.out).execute(stages);
    }
}
