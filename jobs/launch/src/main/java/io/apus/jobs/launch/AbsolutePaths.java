package io.apus.jobs.launch;

import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Relative paths are the caller's; executors work in folders of their own, so stages are given absolute ones. Fingerprints keep the
 * paths as they were written, so that a moved run is still the same run.
 */
public final class AbsolutePaths {
    private AbsolutePaths() {}

    public static RunSpec of(RunSpec spec) {
        ModelSpec model = spec.model();
        ModelSpec absolute = model.located(
                model.model() == null ? null : existing(model.model()),
                model.adapters().stream().map(AbsolutePaths::existing).toList());
        return new RunSpec(
                Path.of(spec.outputDir()).toAbsolutePath().toString(),
                spec.seed(),
                spec.cluster(),
                absolute,
                spec.ingest(),
                spec.filter(),
                spec.tokenize(),
                spec.pack(),
                spec.tuner(),
                spec.train(),
                spec.evaluate(),
                spec.export());
    }

    /** What is no file or folder here may be the name of something else, and stays as it is. */
    private static String existing(String path) {
        return Files.exists(Path.of(path)) ? Path.of(path).toAbsolutePath().toString() : path;
    }
}
