package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
    @Test
    void countsParametersWithoutLoading() {
        ModelConfig config = TinyModels.qwen3();
        long layer = 2 * 16 + 2 * 8 + 2 * (16 * 32) + 2 * (16 * 16) + 3 * (16 * 24);
        assertThat(config.parameterCount()).isEqualTo(2 * 50 * 16 + 16 + 3 * layer);
        assertThat(config.with("tie_word_embeddings", true).parameterCount()).isEqualTo(50 * 16 + 16 + 3 * layer);
    }

    @Test
    void familiesDifferInTheirParameters() {
        assertThat(shape("Qwen3ForCausalLM", Map.of(), "self_attn.q_norm.weight"))
                .containsExactly(8);
        assertThat(shape("Qwen2ForCausalLM", Map.of(), "self_attn.k_proj.bias")).containsExactly(16);
        assertThat(shape("Qwen2ForCausalLM", Map.of(), "self_attn.o_proj.bias")).isNull();
        assertThat(shape("LlamaForCausalLM", Map.of(), "self_attn.q_proj.bias")).isNull();
        Map<String, Object> biased = Map.of("attention_bias", true, "mlp_bias", true);
        assertThat(shape("LlamaForCausalLM", biased, "self_attn.o_proj.bias")).containsExactly(16);
        assertThat(shape("LlamaForCausalLM", biased, "mlp.up_proj.bias")).containsExactly(24);
        assertThat(shape("MistralForCausalLM", biased, "self_attn.q_proj.bias")).isNull();
    }

    private static long[] shape(String architecture, Map<String, Object> changes, String member) {
        return TinyModels.config(architecture, changes).shapes().get("model.layers.1." + member);
    }

    @Test
    void windowsFollowTheFamily() {
        assertThat(windows("MistralForCausalLM", Map.of("sliding_window", 7))).containsExactly(7, 7, 7);
        assertThat(windows("LlamaForCausalLM", Map.of("sliding_window", 7))).containsExactly(0, 0, 0);
        assertThat(windows("Qwen2ForCausalLM", Map.of("sliding_window", 7))).containsExactly(0, 0, 0);
        Map<String, Object> late = Map.of("sliding_window", 7, "use_sliding_window", true, "max_window_layers", 2);
        assertThat(windows("Qwen2ForCausalLM", late)).containsExactly(0, 0, 7);
        List<String> kinds = List.of("sliding_attention", "full_attention", "full_attention");
        Map<String, Object> listed = Map.of("sliding_window", 7, "use_sliding_window", true, "layer_types", kinds);
        assertThat(windows("Qwen3ForCausalLM", listed)).containsExactly(7, 0, 0);
    }

    private static List<Integer> windows(String architecture, Map<String, Object> changes) {
        ModelConfig config = TinyModels.config(architecture, changes);
        return IntStream.range(0, config.numHiddenLayers())
                .mapToObj(config::slidingWindow)
                .toList();
    }

    @Test
    void anUnknownArchitectureNamesTheNearest() {
        assertThatThrownBy(() -> TinyModels.config("Qwen4ForCausalLM", Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Unknown architecture")
                .hasMessageContaining("Did you mean \"Qwen2ForCausalLM\"")
                .hasMessageContaining("LlamaForCausalLM");
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        assertThatThrownBy(() -> ModelConfig.parse(
                        "{\"architectures\": [\"LlamaForCausalLM\"], \"hidden_size\": -4, \"num_attention_heads\": 3,"
                                + "\"num_key_value_heads\": 2, \"num_hidden_layers\": \"two\", \"intermediate_size\": 8,"
                                + "\"head_dim\": 5, \"hidden_act\": \"swishy\", \"rms_norm_eps\": 0}"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("hidden_size is -4")
                .hasMessageContaining("vocab_size is missing")
                .hasMessageContaining("num_hidden_layers is \"two\"")
                .hasMessageContaining("num_attention_heads 3 is no multiple of num_key_value_heads 2")
                .hasMessageContaining("head_dim 5 is odd")
                .hasMessageContaining("Unknown activation: \"swishy\"")
                .hasMessageContaining("rms_norm_eps is 0");
    }

    @Test
    void ropeScalingsAreKnownByName() {
        assertThatThrownBy(() -> TinyModels.qwen3().with("rope_scaling", Map.of("rope_type", "dynamik", "factor", 2)))
                .hasMessageContaining("Unknown rope_type")
                .hasMessageContaining("default, linear, dynamic, llama3, longrope, su, yarn");
        assertThatThrownBy(() -> TinyModels.qwen3().with("rope_scaling", Map.of("type", "linear")))
                .hasMessageContaining("rope_scaling of type linear lacks factor");
    }

    @Test
    void newerRopeParametersMeanTheSame() {
        ModelConfig older = TinyModels.qwen3().with("rope_scaling", Map.of("type", "linear", "factor", 2.0));
        ModelConfig newer = TinyModels.qwen3()
                .with("rope_theta", null)
                .with("rope_parameters", Map.of("rope_type", "linear", "factor", 2.0, "rope_theta", 10000.0));
        assertThat(newer.rope().theta()).isEqualTo(older.rope().theta());
        assertThat(newer.rope().type()).isEqualTo(older.rope().type());
    }

    @Test
    void unknownKeysAreKept() {
        assertThat(TinyModels.qwen3().with("my_key", 3).json().get("my_key").asInt())
                .isEqualTo(3);
    }

    @Test
    void tokenIdsMayBeANumberOrAList() {
        assertThat(TinyModels.qwen3().eosTokenIds()).containsExactly(2);
        assertThat(TinyModels.qwen3().with("eos_token_id", List.of(2, 5)).eosTokenIds())
                .containsExactly(2, 5);
    }
}
