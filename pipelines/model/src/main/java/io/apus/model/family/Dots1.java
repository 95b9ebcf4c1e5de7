package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.Rotary;
import java.util.List;

/** dots.llm1 (transformers {@code Dots1ForCausalLM}): Qwen3's attention, DeepSeek-V3's experts. */
final class Dots1 {
    private static final int DEFAULT_MAX_WINDOW_LAYERS = 62;

    private Dots1() {}

    static Family family() {
        return Family.of(Dots1::build)
                .assuming(Blueprint.values("norm_topk_prob", false, "sliding_window", Qwen2.DEFAULT_WINDOW));
    }

    private static Decoder build(Blueprint plan) {
        Rotary rotary = plan.rotary();
        return plan.decoder(
                List.of(rotary),
                layer -> plan.block(
                        layer,
                        Qwen3.attention(plan, layer, rotary, window(plan.fields(), layer.index())),
                        DeepseekExperts.corrected(plan, layer)));
    }

    private static int window(ConfigFields fields, int layer) {
        int first = fields.positive("max_window_layers", DEFAULT_MAX_WINDOW_LAYERS);
        return Windows.sliding(fields, layer, layer >= first) ? fields.positiveOrNone("sliding_window") : 0;
    }
}
