package io.apus.jobs.launch;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.util.List;

/**
 * One stage of a run. It reads the committed outputs of the stages before it, writes only below its own folder, and leaves the
 * manifest to {@link StageRunner}.
 */
public interface Stage {
    /** Name of the stage and of its folder, e.g. {@code ingest}. */
    String name();

    /** The stages whose commits it reads. */
    List<String> inputs();

    /** The sections of the {@link RunSpec} that decide its output, as named in YAML; they make its fingerprint. */
    List<String> sections();

    /** What {@code --dry_run} says of it: a line or more, each without indentation. Must not need Spark. */
    List<String> plan(RunSpec spec, RunLayout layout);

    /**
     * Looks, before a model is fetched, whether the cluster that the settings ask for has room for this stage.
     *
     * @throws io.apus.schemas.UserError if not
     */
    default void checkRoom(RunSpec spec) {}

    /**
     * Looks, before any stage runs, whether this one can follow its settings, as far as they and the model's config.json tell.
     *
     * @throws io.apus.schemas.UserError if not
     */
    default void check(RunSpec spec, RunLayout layout) {}

    /**
     * Memory that an executor needs beside its heap for one task of this stage, in MiB; 0 where the usual is enough. Must not need
     * Spark.
     */
    default long nativeMebibytes(RunSpec spec, RunLayout layout) {
        return 0;
    }

    /**
     * True if what an interrupted attempt left behind is of use to the next (training resumes from its checkpoints); else the runner
     * empties the stage's folder before each attempt.
     */
    default boolean resumes() {
        return false;
    }

    /** Called once when all stages of this start are committed and at least one of them ran now, e.g. to bring a report up to date. */
    default void allCommitted(RunLayout layout) {}

    /** Does the work and returns what the manifest says of it. */
    StageResult run(StageContext context) throws Exception;
}
