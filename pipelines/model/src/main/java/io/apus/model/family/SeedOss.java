package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** Seed-OSS (transformers {@code SeedOssForCausalLM}): biases in and after attention are asked for apart. */
final class SeedOss {
    private SeedOss() {}

    static Family family() {
        return Family.of(SeedOss::build)
                .assuming(Blueprint.values("head_dim", 128, "pad_token_id", 1, "max_position_embeddings", 524_288));
    }

    private static Decoder build(Blueprint plan) {
        ConfigFields fields = plan.fields();
        boolean headBias = fields.flag("attention_bias", true);
        boolean outputBias = fields.flag("attention_out_bias", false);
        boolean mlpBias = fields.flag("mlp_bias", false);
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        plan.attention(layer)
                                .biases(headBias, outputBias)
                                .rotary(rotary)
                                .build(),
                        plan.gatedMlp(layer.name("mlp"), mlpBias)));
    }
}
