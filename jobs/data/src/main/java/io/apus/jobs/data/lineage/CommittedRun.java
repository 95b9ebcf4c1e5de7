package io.apus.jobs.data.lineage;

import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.table.Tables;
import io.apus.shards.ManifestFile;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The data stages of a run, as their manifests tell of them.
 *
 * @param layout the run's folder
 * @param stages manifests of ingest, filter, tokenize and pack
 */
record CommittedRun(RunLayout layout, List<Manifest> stages) {
    private static final List<String> STAGES = List.of("ingest", "filter", "tokenize", "pack");

    /** Opens a run folder whose data is packed. */
    static CommittedRun open(Path folder) {
        RunLayout layout = new RunLayout(folder.toAbsolutePath().normalize());
        List<Manifest> stages = new ArrayList<>();
        for (String stage : STAGES) {
            if (!Files.exists(layout.manifest(stage))) {
                throw new UserError(
                        "Cannot tell where the rows of " + folder + " came from",
                        "its stage " + stage + " is not committed",
                        "Run it, or give the output_dir of a run.");
            }
            Manifest manifest = ManifestFile.read(layout.manifest(stage));
            stages.forEach(before -> requireCurrent(before, manifest));
            stages.add(manifest);
        }
        return new CommittedRun(layout, stages);
    }

    private static void requireCurrent(Manifest before, Manifest manifest) {
        String pinned = manifest.inputs().getOrDefault(before.stage(), before.commit());
        if (!pinned.equals(before.commit())) {
            throw new UserError(
                    "Cannot tell where the rows came from",
                    manifest.stage() + " was made from " + pinned + ", but " + before.commit() + " is there now",
                    "Run the run again.");
        }
    }

    PublishedTable placement() {
        return tables(Tables.PLACEMENT.name()).stream()
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Cannot tell where the rows came from",
                        "the pack stage was written by a version of Apus without the table placement",
                        "Delete the folder " + layout.stage("pack") + " and run again."));
    }

    /** The rejects of every stage that has some, in the order of the stages. */
    List<PublishedTable> rejects() {
        return tables(Tables.REJECTS.name());
    }

    private List<PublishedTable> tables(String name) {
        return stages.stream()
                .flatMap(stage -> stage.outputs().stream())
                .filter(output -> output.name().equals(name) && output.version() >= 0)
                .map(output -> new PublishedTable(layout.root().resolve(output.path()), output.version()))
                .toList();
    }
}
