package io.apus.jobs.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
