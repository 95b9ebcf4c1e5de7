package io.apus.model.tuner.lycoris;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.LoraSpec;
import java.util.List;

/**
 * What LoHa and LoKr have in common, with the meaning that PEFT gives these options.
 *
 * @param rankDropout share of the outputs whose update is zeroed in training
 * @param moduleDropout share of the updates that are left out in training, each as a whole
 */
record LycorisSettings(int rank, double alpha, double rankDropout, double moduleDropout) {
    private static final List<String> UNSUPPORTED = List.of("rank_pattern", "alpha_pattern");

    static LycorisSettings of(LoraSpec spec) {
        return new LycorisSettings(spec.loraRank(), spec.loraAlpha(), 0, 0);
    }

    static LycorisSettings of(PeftConfig config) {
        config.refuse(UNSUPPORTED);
        return new LycorisSettings(
                config.positive("r", 8),
                config.get("alpha").asDouble(8),
                config.get("rank_dropout").asDouble(0),
                config.get("module_dropout").asDouble(0));
    }

    double scale() {
        return alpha / rank;
    }

    /** Adds these settings as PEFT writes them. */
    void describe(ObjectNode config) {
        config.putNull("exclude_modules").putNull("layers_pattern").putNull("layers_to_transform");
        config.putObject("alpha_pattern");
        config.putObject("rank_pattern");
        config.put("init_weights", true).put("use_effective_conv2d", false);
        config.put("r", rank).set("alpha", PeftConfig.number(alpha));
        config.put("rank_dropout", rankDropout).put("module_dropout", moduleDropout);
    }
}
