package io.apus.train.loop;

import io.apus.schemas.spec.CheckpointSpec;

/** Chooses the best checkpoint as transformers does: by one metric of the evaluation made at the same step. */
record BestChoice(CheckpointSpec spec) {
    /** The better one of {@code before} (null for none) and a checkpoint of {@code step}. */
    Best of(Best before, int step, Evaluation evaluation) {
        double metric = spec.metricForBestModel().endsWith("loss") ? evaluation.loss() : evaluation.tokenAccuracy();
        boolean better =
                before == null || (spec.greaterIsBetter() ? metric > before.metric() : metric < before.metric());
        return better && !Double.isNaN(metric) ? new Best(step, metric) : before;
    }
}
