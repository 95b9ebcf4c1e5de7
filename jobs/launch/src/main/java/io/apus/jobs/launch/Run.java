package io.apus.jobs.launch;

import io.apus.hub.select.ModelFiles;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * One start of Apus on one run's settings: it opens a session when one is needed and closes it at the end. A session that was there
 * before (Databricks, a notebook) stays.
 */
public final class Run {
    private final RunSpec spec;
    private final Path conf;
    private final PrintStream out;
    private RunSpec here;
    private SparkSession session;
    private boolean borrowed;
    private ToLongFunction<Progress> nativeMebibytes = progress -> 0;
    private Interruption interruption;

    public Run(RunSpec spec, Path conf, PrintStream out) {
        this.spec = TokenLists.read(spec);
        this.conf = conf;
        this.out = out;
    }

    /** Runs the stages that are not committed and writes {@code result.json}; the summary is the last line printed. */
    public RunSummary execute(List<Stage> stages) throws Exception {
        long start = System.nanoTime();
        new Asked(spec, new SparkConf()).requireLastingFolder();
        try {
            nativeMebibytes = progress -> most(stages, here(progress));
            List<StageReport> reports = runner().run(stages);
            if (!reports.stream().allMatch(StageReport::skipped)) {
                stages.forEach(stage -> stage.allCommitted(layout()));
            }
            double seconds = Math.round((System.nanoTime() - start) / 1e6) / 1e3;
            RunSummary summary = RunSummary.of(layout(), reports, seconds);
            summary.write();
            summary.closingLines().forEach(out::println);
            out.println(summary.toJson());
            out.flush();
            return summary;
        } finally {
            close();
        }
    }

    private void close() {
        if (session != null) {
            interruption.close();
            if (!borrowed) {
                session.stop();
            }
        }
    }

    /** Where each stage stands; nothing is run. */
    public List<StageStatus> status(List<Stage> stages) {
        return runner().status(stages);
    }

    /** What a run would do, line by line; nothing is run and no session is opened. */
    public List<String> plan(List<Stage> stages) {
        List<String> lines = new ArrayList<>();
        lines.add("output_dir  " + layout().root());
        lines.add("cluster     " + Sessions.master(spec.cluster()) + ", "
                + spec.train().worldSize() + " rank(s)");
        RunSpec planned = new HubModels(
                        System.getenv(), ConsoleProgress.on(out, phase -> {}), ModelFiles.withoutWeights())
                .of(spec);
        RunTemplate template = RunTemplate.of(spec.model().model(), planned, conf);
        lines.add("template    " + template.words());
        for (StageStatus status : status(stages)) {
            lines.add(status.stage().name() + "  [" + status.word() + "]");
            status.differences().forEach(difference -> lines.add("    changed: " + difference));
            status.stage().plan(template.spec(), layout()).forEach(line -> lines.add("    " + line));
        }
        return lines;
    }

    private RunLayout layout() {
        return new RunLayout(Path.of(spec.outputDir()));
    }

    private StageRunner runner() {
        ConsoleProgress progress = ConsoleProgress.on(out, this::describe);
        return new StageRunner(
                spec, () -> here(progress), conf, () -> session(progress), progress, new ConsoleLog(out));
    }

    /** The run with its model on this machine, downloaded if need be, with a chat template, and with absolute paths. */
    private RunSpec here(Progress progress) {
        if (here == null) {
            RunSpec fetched = new HubModels(System.getenv(), progress, ModelFiles.all()).of(spec);
            here = AbsolutePaths.of(
                    RunTemplate.of(spec.model().model(), fetched, conf).spec());
        }
        return here;
    }

    private SparkSession session(Progress progress) {
        if (session == null) {
            borrowed = Sessions.isRunning();
            session = Sessions.open(here(progress), nativeMebibytes.applyAsLong(progress));
            interruption = Interruption.announce(session.sparkContext(), System.err);
        }
        return session;
    }

    private long most(List<Stage> stages, RunSpec on) {
        return stages.stream()
                .mapToLong(stage -> stage.nativeMebibytes(on, layout()))
                .max()
                .orElse(0);
    }

    private void describe(String phase) {
        if (session != null) {
            session.sparkContext().setJobDescription(phase);
        }
    }
}
