package io.apus.jobs.train;

import io.apus.jobs.launch.FileOutputs;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import java.util.List;

/** What training left behind. Checkpoints are no output: they carry hashes of their own and may be deleted. */
final class TrainOutputs {
    private TrainOutputs() {}

    static List<Manifest.Output> of(RunLayout layout) {
        return List.of(
                FileOutputs.of(layout, "model", layout.trainedModel()),
                FileOutputs.of(layout, "log", layout.trainLog()));
    }
}
