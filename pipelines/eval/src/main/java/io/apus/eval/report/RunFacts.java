package io.apus.eval.report;

import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.shards.ManifestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a run's folder says about the run.
 *
 * @param name name of the run's folder
 * @param stages manifests of the committed stages, in order
 * @param shards manifests of the packed splits
 * @param log the training log
 * @param data what the evaluation stage left for the report
 */
record RunFacts(
        String name, List<Manifest> stages, List<ShardManifest> shards, TrainingLog log, Optional<ReportData> data) {
    static final List<String> STAGES = List.of("ingest", "filter", "tokenize", "pack", "train", "evaluate", "export");

    static RunFacts read(RunLayout layout) {
        List<Manifest> stages = new ArrayList<>();
        for (String stage : STAGES) {
            if (Files.exists(layout.manifest(stage))) {
                stages.add(ManifestFile.read(layout.manifest(stage)));
            }
        }
        List<ShardManifest> shards = new ArrayList<>();
        for (String split : List.of(Splits.TRAIN, Splits.VALIDATION)) {
            Path manifest = layout.shards(split).resolve(RunLayout.MANIFEST);
            if (Files.exists(manifest)) {
                shards.add(ManifestFile.readShards(manifest));
            }
        }
        return new RunFacts(
                layout.root().toAbsolutePath().normalize().getFileName().toString(),
                stages,
                shards,
                TrainingLog.read(layout.trainLog()),
                ReportData.read(ReportData.file(layout.report())));
    }

    Optional<Manifest> stage(String name) {
        return stages.stream().filter(stage -> stage.stage().equals(name)).findFirst();
    }

    double seconds() {
        return stages.stream().mapToDouble(Manifest::seconds).sum();
    }
}
