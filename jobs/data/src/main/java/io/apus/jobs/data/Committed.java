package io.apus.jobs.data;

import io.apus.jobs.launch.StageContext;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.ManifestFile;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Files;
import java.util.Optional;

/** What the stages before have committed. */
final class Committed {
    private Committed() {}

    /** The table {@code table} of an input of the stage, at the version that its manifest pins. */
    static PublishedTable table(StageContext context, String stage, String table) {
        Manifest.Output output = context.inputs().get(stage).outputs().stream()
                .filter(each -> each.name().equals(table))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Cannot read the table " + table,
                        "the manifest of " + stage + " does not list it",
                        "Delete the folder " + context.layout().stage(stage) + " and run again."));
        return new PublishedTable(context.layout().root().resolve(output.path()), output.version());
    }

    /** The manifest of a stage if it is committed, for plans. */
    static Optional<Manifest> manifest(RunLayout layout, String stage) {
        return Files.exists(layout.manifest(stage))
                ? Optional.of(ManifestFile.read(layout.manifest(stage)))
                : Optional.empty();
    }

    /** A whole number among the facts of a committed stage. */
    static Optional<Long> fact(RunLayout layout, String stage, String name) {
        return manifest(layout, stage)
                .map(manifest -> manifest.facts().get(name))
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).longValue());
    }
}
