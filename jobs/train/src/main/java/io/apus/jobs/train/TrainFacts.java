package io.apus.jobs.train;

import io.apus.train.TrainResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of a training run under the names that the manifest, the summary and the report use. */
final class TrainFacts {
    private TrainFacts() {}

    static Map<String, Object> of(TrainResult result, int attempts) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("steps", result.steps());
        facts.put("world_size", result.ranks());
        put(facts, "train_loss", result.trainLoss());
        put(facts, "final_loss", result.finalLoss());
        put(facts, "eval_loss", result.evalLoss());
        put(facts, "eval_token_accuracy", result.evalTokenAccuracy());
        facts.put("tokens", result.tokens());
        facts.put("training_seconds", result.seconds());
        put(facts, "tokens_per_second", result.tokensPerSecond());
        put(facts, "data_wait_share", result.dataWaitShare());
        put(facts, "matrix_product_share", result.machineShare());
        put(facts, "matrix_product_gflops", result.machineFlops() / 1e9);
        facts.put("parameters", result.parameters());
        facts.put("trained_parameters", result.trainedParameters());
        facts.put("peak_memory_bytes", result.peakRssBytes());
        facts.put("gradient_buckets", result.buckets());
        facts.put("gradient_buckets_reduced_early", result.earlyBuckets());
        put(facts, "sent_bytes_per_step", result.sentBytes());
        facts.put("skipped_steps", result.skippedSteps());
        facts.put("phase_seconds", result.phases());
        facts.put("resumed_from_step", result.resumedFrom());
        facts.put("attempts", attempts);
        return facts;
    }

    /** A number that was not measured is left out: JSON knows no NaN. */
    private static void put(Map<String, Object> facts, String name, double value) {
        if (Double.isFinite(value)) {
            facts.put(name, value);
        }
    }
}
