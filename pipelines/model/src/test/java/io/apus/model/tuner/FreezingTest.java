package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.FreezeSpec;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.TunerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Full tuning of a part of a model. */
class FreezingTest {
    /** 12 layers, so that names in alphabetical order are not in that of the layers; all linears have 16 x 16 numbers, the embedding 64 x 16. */
    private static final ModelConfig CONFIG = ModelConfig.parse(
            """
            {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", "vocab_size": 64,
             "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 12, "num_attention_heads": 2,
             "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": false}
            """);

    private static final int LAYER = 7 * 256 + 3 * 16 + 2 * 16;

    @Test
    void theRatioFreezesFromTheBottomUp() {
        long total = 2 * 1024 + 12L * LAYER + 16;
        // The embedding and two layers; then a q_proj more, but not its bias.
        double layers = (1024.0 + 2 * LAYER + 0.5) / total;
        double projection = (1024.0 + 2 * LAYER + 256 + 15) / total;

        assertThat(frozen(new FreezeSpec(layers, null, null, null, null)))
                .hasSize(1 + 2 * 12)
                .contains("model.embed_tokens.weight", "model.layers.1.post_attention_layernorm.weight")
                .noneMatch(name -> name.startsWith("model.layers.10.") || name.startsWith("model.layers.2."));
        assertThat(frozen(new FreezeSpec(projection, null, null, null, null)))
                .hasSize(1 + 2 * 12 + 1)
                .contains("model.layers.2.self_attn.q_proj.weight");
        assertThat(frozen(new FreezeSpec(0.999999, null, null, null, null)))
                .contains("model.norm.weight")
                .doesNotContain("lm_head.weight");
    }

    @Test
    void namesAndPatternsFreezeAndOthersTrainNevertheless() {
        FreezeSpec spec = new FreezeSpec(
                0.1,
                List.of("model.layers.1", "lm_head"),
                "layers\\.[5-9]\\.mlp",
                List.of("model.layers.11.", "model.embed_tokens"),
                "\\.5\\.mlp\\.up");

        List<String> frozen = frozen(spec);

        assertThat(frozen).contains("model.layers.1.mlp.up_proj.weight", "model.layers.10.mlp.up_proj.weight");
        assertThat(frozen).contains("model.layers.5.mlp.down_proj.weight", "lm_head.weight");
        assertThat(frozen)
                .noneMatch(name -> name.startsWith("model.layers.11.") || name.startsWith("model.embed"))
                .doesNotContain("model.layers.5.mlp.up_proj.weight", "model.layers.5.self_attn.q_proj.weight");
    }

    @Test
    void whatFitsNothingIsSaid() {
        FreezeSpec typos = new FreezeSpec(null, List.of("model.lyers.1"), "mpl", null, null);
        assertThatThrownBy(() -> frozen(typos))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("freeze_parameters model.lyers.1 begins no name (nearest: model.")
                .hasMessageContaining("freeze_parameters_regex mpl is found in no name");
        assertThatThrownBy(() -> frozen(new FreezeSpec(1.0, null, null, null, null)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("leave no parameter to train");
        assertThat(frozen(new FreezeSpec(1.0, null, null, List.of("model.norm"), null)))
                .hasSize(1 + 12 * 12 + 1);
        assertThatThrownBy(() -> new FreezeSpec(2.0, null, "(", null, null))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("freeze_parameters_ratio: must be between 0 and 1")
                .hasMessageContaining("freeze_parameters_regex: is no regular expression");
        assertThatThrownBy(() -> new TunerSpec("lora", null, null, null, null, null, typos, null))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("must be full where parameters are frozen");
    }

    /** Names of the parameters that do not learn; the plan must count the others. */
    private static List<String> frozen(FreezeSpec spec) {
        Tuner tuner = Tuners.of(Specs.tuner("full", Map.of("freeze", spec)));
        try (DecoderModel model = DecoderModel.random(CONFIG, 1)) {
            tuner.attach(model, 1);
            List<String> frozen = new ArrayList<>();
            long trained = 0;
            for (Parameter parameter : model.parameters().values()) {
                if (parameter.trainable()) {
                    trained += parameter.count();
                } else {
                    frozen.add(parameter.name());
                }
            }
            assertThat(tuner.trainable(CONFIG)).isEqualTo(OptionalLong.of(trained));
            TreeSet<String> all = new TreeSet<>(tuner.trainedShapes(CONFIG).keySet());
            all.addAll(frozen);
            assertThat(all).hasSize(model.parameters().size());
            return frozen;
        }
    }
}
