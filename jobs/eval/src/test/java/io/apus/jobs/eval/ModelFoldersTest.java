package io.apus.jobs.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFoldersTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    @Test
    void anAdapterIsFoldedIntoItsBase() {
        Path base = SharedReference.path("golden/models/qwen2");
        Path adapter = SharedReference.path("golden/peft/qwen2_lora");
        try (Scope scope = Scope.open();
                SafeTensorsFile golden = SafeTensorsFile.open(adapter.resolve("golden.safetensors"));
                SafeTensorsFile inputs = SafeTensorsFile.open(base.resolve("golden.safetensors"));
                DecoderModel model = ModelFolders.of(base, adapter).load()) {
            long[] ids = Torch.toLongs(inputs.tensor("input_ids"));
            long[] shape = Torch.shape(golden.tensor("logits"));
            long[] first = java.util.Arrays.copyOf(ids, (int) shape[1]);
            float[] actual = Torch.toFloats(model.logits(model.hidden(TokenBatch.of(first, first.length), null)));
            float[] expected = Torch.toFloats(golden.tensor("logits").select(0, 0));
            for (int i = 0; i < actual.length; i++) {
                assertThat(Math.abs(actual[i] - expected[i])).as("logit " + i).isLessThan((float) TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt_tuning", "prefix_tuning", "adapter", "reft", "lora", "bone"})
    void everyAdapterActsWhetherItMergesOrNot(String type) throws IOException {
        Path base = TinyFolder.write(folder.resolve("base"), 1);
        Path adapter = folder.resolve("adapter");
        float[] trained;
        try (DecoderModel model = DecoderModel.load(base)) {
            Tuner tuner = Tuners.of(TunerSpec.of(type));
            tuner.attach(model, 1);
            disturb(model);
            tuner.save(model, adapter, base.toString());
            trained = logits(model);
        }
        try (DecoderModel model = ModelFolders.of(null, adapter).load()) {
            // What merges is rounded in another order.
            assertThat(logits(model)).containsExactly(trained, Offset.offset((float) TOLERANCE));
        }
    }

    private static void disturb(DecoderModel model) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .forEach(parameter -> parameter.tensor().add_(Torch.scalar(0.02)));
        }
    }

    private static float[] logits(DecoderModel model) {
        try (Scope scope = Scope.open()) {
            return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(new long[] {5, 9, 70, 33, 12}, 5), null)));
        }
    }

    @Test
    void anAdapterNamesItsBase() throws IOException {
        Path base = TinyFolder.write(folder.resolve("base"), 1);
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(config, "{\"base_model_name_or_path\": \"" + base + "\"}");
        assertThat(ModelFolders.of(null, adapter)).isEqualTo(new ModelFolders(base, adapter));
        assertThat(ModelFolders.of(adapter, null)).isEqualTo(new ModelFolders(base, adapter));
        Files.writeString(config, "{}");
        assertThatThrownBy(() -> ModelFolders.of(null, adapter))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("base_model_name_or_path");
    }
}
