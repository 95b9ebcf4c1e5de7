package io.apus.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WeightDecayTest {
    @Test
    void biasesAndNormsDoNotDecay() {
        assertThat(WeightDecay.appliesTo("model.layers.0.mlp.up_proj.weight")).isTrue();
        assertThat(WeightDecay.appliesTo("model.embed_tokens.weight")).isTrue();
        assertThat(WeightDecay.appliesTo("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"))
                .isTrue();
        assertThat(WeightDecay.appliesTo("model.layers.0.self_attn.q_proj.bias"))
                .isFalse();
        assertThat(WeightDecay.appliesTo("model.layers.0.input_layernorm.weight"))
                .isFalse();
        assertThat(WeightDecay.appliesTo("model.layers.0.self_attn.q_norm.weight"))
                .isFalse();
        assertThat(WeightDecay.appliesTo("model.norm.weight")).isFalse();
    }
}
