package io.apus.model.tuner;

import io.apus.schemas.spec.TunerSpec;
import java.util.List;

/**
 * Shape and place of low-rank updates, with the meaning that PEFT gives these options.
 *
 * @param rank columns of B and rows of A
 * @param dropout share of an update's inputs that are zeroed in training
 * @param rslora scale by alpha / sqrt(rank) (Kalajdzievski, 2023) instead of alpha / rank
 * @param targetModules suffixes of module names, or {@code all-linear} alone
 * @param targetRegex a pattern over whole module names that takes the place of {@code targetModules}, or null
 * @param modulesToSave modules trained and saved in full: lm_head, embed_tokens
 */
public record LoraSettings(
        int rank,
        double alpha,
        double dropout,
        boolean rslora,
        List<String> targetModules,
        String targetRegex,
        List<String> modulesToSave) {

    static LoraSettings of(TunerSpec spec) {
        return new LoraSettings(
                spec.loraRank(),
                spec.loraAlpha(),
                spec.loraDropout(),
                spec.useRslora(),
                spec.targetModules(),
                spec.targetRegex(),
                spec.modulesToSave());
    }

    /** What an update is multiplied by. */
    public double scale() {
        return rslora ? alpha / Math.sqrt(rank) : alpha / rank;
    }
}
