package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.LoraSpec;

/**
 * Shape of low-rank updates, with the meaning that PEFT gives these options.
 *
 * @param rank columns of B and rows of A
 * @param dropout share of an update's inputs that are zeroed in training
 * @param rslora scale by alpha / sqrt(rank) (Kalajdzievski, 2023) instead of alpha / rank
 */
record LoraSettings(int rank, double alpha, double dropout, boolean rslora) {
    static LoraSettings of(LoraSpec spec) {
        return new LoraSettings(spec.loraRank(), spec.loraAlpha(), spec.loraDropout(), spec.useRslora());
    }

    static LoraSettings of(PeftConfig config) {
        return new LoraSettings(
                config.positive("r", 8),
                config.get("lora_alpha").asDouble(8),
                config.get("lora_dropout").asDouble(0),
                config.get("use_rslora").asBoolean(false));
    }

    /** What an update is multiplied by. */
    double scale() {
        return rslora ? alpha / Math.sqrt(rank) : alpha / rank;
    }
}
