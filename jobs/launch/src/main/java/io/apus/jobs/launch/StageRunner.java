package io.apus.jobs.launch;

import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Runs stages so that each is done once: a committed stage is skipped, an uncommitted one is run and committed by its manifest, and
 * one whose inputs were made anew is run again. A commit made with other settings is never overwritten silently.
 */
public final class StageRunner {
    private final RunSpec spec;
    private final Supplier<RunSpec> here;
    private final RunLayout layout;
    private final Path conf;
    private final Supplier<SparkSession> session;
    private final Progress progress;
    private final StageLog log;
    private final Commits commits;

    /**
     * @param session asked for only when a stage has to run
     * @param log told about every stage
     */
    public StageRunner(RunSpec spec, Path conf, Supplier<SparkSession> session, Progress progress, StageLog log) {
        this(spec, () -> AbsolutePaths.of(spec), conf, session, progress, log);
    }

    /** @param here the run as stages are given it, with everything that it names on this machine; asked for when one has to run */
    StageRunner(
            RunSpec spec,
            Supplier<RunSpec> here,
            Path conf,
            Supplier<SparkSession> session,
            Progress progress,
            StageLog log) {
        this.spec = spec;
        this.here = here;
        this.layout = new RunLayout(Path.of(spec.outputDir()).toAbsolutePath());
        this.conf = conf;
        this.session = session;
        this.progress = progress;
        this.log = log;
        this.commits = new Commits(layout);
    }

    /** Where each stage stands; {@code stages} are in the order in which they run. */
    public List<StageStatus> status(List<Stage> stages) {
        List<StageStatus> all = new ArrayList<>();
        Set<String> willRun = new HashSet<>();
        for (Stage stage : stages) {
            Optional<Manifest> manifest = commits.of(stage.name());
            boolean stale = manifest.filter(commits::isStale).isPresent()
                    || stage.inputs().stream().anyMatch(willRun::contains);
            List<String> differences = manifest.map(
                            m -> Fingerprint.of(spec, stage.sections()).differences(m))
                    .orElse(List.of());
            StageStatus status = new StageStatus(stage, manifest, stale, differences);
            all.add(status);
            if (!status.isCommitted() && !status.isRefused()) {
                willRun.add(stage.name());
            }
        }
        return all;
    }

    /**
     * Runs {@code stages}, in order. What can be refused is refused before anything runs.
     *
     * @throws UserError when a stage was committed with other settings, or an input outside of {@code stages} is not committed
     */
    public List<StageReport> run(List<Stage> stages) throws Exception {
        try (RunLock lock = RunLock.take(layout.root())) {
            List<StageStatus> status = status(stages);
            refuseChanged(status);
            requireInputs(stages);
            List<Stage> todo = status.stream()
                    .filter(each -> !each.isCommitted())
                    .map(StageStatus::stage)
                    .toList();
            for (Stage each : todo) {
                folder(each).refuseForeign();
                each.checkRoom(spec);
            }
            todo.forEach(each -> each.check(here.get(), layout));
            List<StageReport> reports = new ArrayList<>();
            for (StageStatus each : status) {
                StageReport report = each.isCommitted()
                        ? new StageReport(each.manifest().orElseThrow(), true)
                        : execute(each.stage());
                log.done(report);
                reports.add(report);
            }
            return reports;
        }
    }

    private StageReport execute(Stage stage) throws Exception {
        log.begins(stage);
        boolean wasCommitted = Files.exists(layout.manifest(stage.name()));
        Map<String, Manifest> inputs = inputs(stage);
        folder(stage).prepare(stage.resumes() && !wasCommitted);
        Instant start = Instant.now();
        StageContext context =
                new StageContext(session.get(), here.get(), layout, inputs, conf.toAbsolutePath(), progress);
        context.spark().sparkContext().setJobDescription(stage.name());
        StageResult result = work(stage, context);
        result.outputs().forEach(output -> requireOwn(stage, output));
        Manifest manifest = StageManifest.of(spec, stage, inputs, result, start);
        ManifestFile.write(layout.manifest(stage.name()), manifest);
        return new StageReport(manifest, false);
    }

    private StageResult work(Stage stage, StageContext context) throws Exception {
        try {
            return stage.run(context);
        } catch (Exception e) {
            progress.end(e instanceof StoppedRun ? "stopped" : "failed");
            throw e;
        }
    }

    private Map<String, Manifest> inputs(Stage stage) {
        Map<String, Manifest> inputs = new LinkedHashMap<>();
        for (String name : stage.inputs()) {
            Manifest manifest =
                    commits.of(name).orElseThrow(() -> missing(stage, name, "is not committed in " + layout.root()));
            if (commits.isStale(manifest)) {
                throw missing(stage, name, "is outdated: a stage before it was run again");
            }
            inputs.put(name, manifest);
        }
        return inputs;
    }

    /** Inputs that this run does not make itself must be committed, and with the settings of this run. */
    private void requireInputs(List<Stage> stages) {
        Set<String> made = new HashSet<>();
        for (Stage stage : stages) {
            for (String input : stage.inputs()) {
                if (!made.contains(input)) {
                    requireInput(stage, input);
                }
            }
            made.add(stage.name());
        }
    }

    private void requireInput(Stage stage, String input) {
        Manifest manifest =
                commits.of(input).orElseThrow(() -> missing(stage, input, "is not committed in " + layout.root()));
        if (commits.isStale(manifest)) {
            throw missing(stage, input, "is outdated: a stage before it was run again");
        }
        List<String> differences = Fingerprint.like(manifest, spec).differences(manifest);
        if (!differences.isEmpty()) {
            throw changed(List.of(input), differences);
        }
        manifest.inputs().keySet().forEach(before -> requireInput(stage, before));
    }

    private static UserError missing(Stage stage, String input, String what) {
        return new UserError("Cannot run " + stage.name(), input + " " + what, "Run " + input + " first.");
    }

    private void refuseChanged(List<StageStatus> status) {
        List<StageStatus> refused =
                status.stream().filter(StageStatus::isRefused).toList();
        if (!refused.isEmpty()) {
            throw changed(
                    refused.stream().map(each -> each.stage().name()).toList(),
                    refused.stream()
                            .flatMap(each -> each.differences().stream())
                            .distinct()
                            .toList());
        }
    }

    private UserError changed(List<String> stages, List<String> differences) {
        String folders = String.join(
                ", ", stages.stream().map(name -> layout.stage(name).toString()).toList());
        return new UserError(
                "Cannot run " + String.join(", ", stages),
                "committed with other settings: " + String.join("; ", differences),
                "Give another output_dir, or delete " + folders + " to run again from there.");
    }

    private static void requireOwn(Stage stage, Manifest.Output output) {
        Path path = Path.of(output.path()).normalize();
        if (path.isAbsolute() || !path.startsWith(stage.name())) {
            throw new IllegalStateException(
                    "stage " + stage.name() + " names an output outside its folder: " + output.path());
        }
    }

    private StageFolder folder(Stage stage) throws IOException {
        return new StageFolder(layout.stage(stage.name()), layout.manifest(stage.name()));
    }
}
