package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.LoraSpec;
import java.util.List;

/**
 * Shape of low-rank updates, with the meaning that PEFT gives these options.
 *
 * @param rank columns of B and rows of A
 * @param dropout share of an update's inputs that are zeroed in training
 * @param rslora scale by alpha / sqrt(rank) (Kalajdzievski, 2023) instead of alpha / rank
 * @param dora learn the length of the weight's rows apart from their direction (Liu et al., 2024)
 * @param allBiases train every bias of the model too
 * @param start how A and B begin, by PEFT's init_lora_weights: true, gaussian, pissa ...
 * @param upRatio what the learning rate of B is multiplied by (LoRA+, Hayou et al., 2024)
 */
record LoraSettings(
        int rank,
        double alpha,
        double dropout,
        boolean rslora,
        boolean dora,
        boolean allBiases,
        String start,
        double upRatio) {
    static LoraSettings of(LoraSpec spec, String start) {
        return new LoraSettings(
                spec.loraRank(),
                spec.loraAlpha(),
                spec.loraDropout(),
                spec.useRslora(),
                spec.useDora(),
                spec.loraBias().equals("all"),
                start,
                spec.lorapLrRatio() == null ? 1 : spec.lorapLrRatio());
    }

    static LoraSettings of(PeftConfig config) {
        String bias = config.get("bias").asText("none");
        config.check(List.of("none", "all").contains(bias), "bias is \"" + bias + "\"");
        return new LoraSettings(
                config.positive("r", 8),
                config.get("lora_alpha").asDouble(8),
                config.get("lora_dropout").asDouble(0),
                config.get("use_rslora").asBoolean(false),
                config.get("use_dora").asBoolean(false),
                bias.equals("all"),
                config.get("init_lora_weights").asText("true"),
                1);
    }

    /** What an update is multiplied by. */
    double scale() {
        return rslora ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    /** A plain adapter of another rank and the same scale. */
    LoraSettings plain(int otherRank) {
        double otherAlpha = scale() * (rslora ? Math.sqrt(otherRank) : otherRank);
        return new LoraSettings(otherRank, otherAlpha, dropout, rslora, dora, allBiases, "true", upRatio);
    }
}
