package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.WeightBytes;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.quant.format.Mxfp4;
import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gpt-oss as it is published: experts in MXFP4. */
class BlockScaledExpertsTest {
    private static final String CONFIG =
            """
            {"architectures": ["GptOssForCausalLM"], "vocab_size": 40, "hidden_size": 32, "intermediate_size": 64,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
             "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 8, "max_position_embeddings": 64,
             "layer_types": ["sliding_attention", "full_attention"], "tie_word_embeddings": false,
             "quantization_config": {"quant_method": "mxfp4"}}
            """;

    @TempDir
    Path folder;

    @Test
    void expertsStayPackedUntilFloatsAreAskedFor() throws IOException {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> written = write(2);
            String name = "model.layers.1.mlp.experts.gate_up_proj";
            Tensor wanted = Mxfp4.dequantise(written.get(name + "_blocks"), written.get(name + "_scales"));
            try (DecoderModel model = DecoderModel.load(folder);
                    DecoderModel floats = DecoderModel.open(folder, Optional.empty(), expert -> false)) {
                assertThat(floats.quantised()).isZero();
                assertThat(floats.parameters().get(name).shape()).containsExactly(4, 32, 128);
                assertThat(Torch.toFloats(floats.parameters().get(name).tensor()))
                        .containsExactly(Torch.toFloats(wanted.transpose(1, 2).contiguous()));
                assertThat(model.quantised()).isEqualTo(4);
                long numbers = 2 * 4 * (32 * 128 + 64 * 32);
                WeightBytes stored = WeightBytes.stored(folder, model.config());
                assertThat(stored.quantised()).isEqualTo(numbers * 17 / 32);
                assertThat(stored.floats()).isEqualTo(4 * (model.config().parameterCount() - numbers));
                assertThat(stored.floats() + stored.quantised()).isEqualTo(bytes(model));
                assertThat(hidden(model)).containsExactly(hidden(floats), within(1e-5f));
                model.dequantise();
                assertThat(model.parameters().keySet())
                        .isEqualTo(floats.parameters().keySet());
                assertThat(hidden(model)).isEqualTo(hidden(floats)).doesNotContain(Float.NaN);
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static float[] hidden(DecoderModel model) {
        return Torch.toFloats(model.hidden(TokenBatch.of(new long[] {3, 9, 27, 5}, 4), null));
    }

    private static long bytes(DecoderModel model) {
        return model.parameters().values().stream().mapToLong(Parameter::bytes).sum();
    }

    @Test
    void blocksOfAnotherSizeAreRefused() throws IOException {
        try (Scope scope = Scope.open()) {
            write(3);
            assertThatThrownBy(() -> DecoderModel.load(folder))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("model.layers.0.mlp.experts.down_proj_blocks has shape [4, 32, 3, 16]");
        }
    }

    /** A folder whose down projections have {@code downBlocks} blocks of 32 numbers a row. */
    private Map<String, Tensor> write(long downBlocks) throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG);
        Map<String, Tensor> tensors = new TreeMap<>();
        ModelConfig.parse(CONFIG).shapes().forEach((name, shape) -> {
            if (name.endsWith("experts.gate_up_proj")) {
                pack(tensors, name, 128, 1);
            } else if (name.endsWith("experts.down_proj")) {
                pack(tensors, name, 32, downBlocks);
            } else {
                tensors.put(name, Torch.zeros(shape).normal_(0, 0.2, null));
            }
        });
        SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        return tensors;
    }

    private static void pack(Map<String, Tensor> tensors, String name, long rows, long blocks) {
        tensors.put(name + "_blocks", bytes(0, 256, 4, rows, blocks, 16));
        tensors.put(name + "_scales", bytes(120, 128, 4, rows, blocks));
    }

    private static Tensor bytes(double from, double to, long... shape) {
        return Torch.zeros(shape).uniform_(from, to, null).to(torch.ScalarType.Byte);
    }
}
