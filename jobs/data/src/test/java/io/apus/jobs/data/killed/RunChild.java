package io.apus.jobs.data.killed;

import io.apus.jobs.data.FilterStage;
import io.apus.jobs.data.IngestStage;
import io.apus.jobs.data.PackStage;
import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.launch.Failures;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageLog;
import io.apus.jobs.launch.StageReport;
import io.apus.jobs.launch.StageRunner;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A process of its own that runs the data stages of a run file. It prints {@code PHASE stage: phase} as each phase begins, and waits for a
 * line on its standard input at the phase that its second argument names.
 */
final class RunChild {
    static final String PHASE = "PHASE ";

    private RunChild() {}

    public static void main(String[] args) {
        String held = args.length > 1 ? args[1] : "";
        try {
            run(Path.of(args[0]), phase -> {
                System.out.println(PHASE + phase);
                if (phase.equals(held)) {
                    waitForALine();
                }
            });
            System.exit(0);
        } catch (Exception e) {
            System.exit(Failures.report(e, System.err));
        }
    }

    private static void waitForALine() {
        try {
            if (System.in.read() < 0) {
                System.exit(3);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the four stages, telling {@code phases} of "stage: phase" as each begins and of "stage: end" before each commit. */
    static List<StageReport> run(Path file, Consumer<String> phases) throws Exception {
        RunSpec spec = RunSpecReader.read(file, List.of());
        Telling telling = new Telling(phases);
        StageRunner runner = new StageRunner(spec, file.getParent(), () -> Sessions.open(spec), telling, telling);
        return runner.run(List.of(new IngestStage(), new FilterStage(), new TokenizeStage(), new PackStage()));
    }

    /** Names a phase by its stage. */
    private static final class Telling implements Progress, StageLog {
        private final Consumer<String> phases;
        private String stage = "";

        Telling(Consumer<String> phases) {
            this.phases = phases;
        }

        @Override
        public void begins(Stage next) {
            stage = next.name();
        }

        @Override
        public void done(StageReport report) {
            stage = "";
        }

        @Override
        public void begin(String phase, long total) {
            phases.accept(stage + ": " + phase);
        }

        @Override
        public void update(long done, String note) {}

        @Override
        public void end(String note) {
            phases.accept(stage + ": end");
        }
    }
}
