package io.apus.model.tuner.vera;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VeraTest {
    @TempDir
    Path folder;

    @Test
    void theMatricesAreThoseThatPeftDraws() {
        Path golden = SharedReference.path("golden/peft/qwen2_vera");
        try (Scope scope = Scope.open();
                SafeTensorsFile file = SafeTensorsFile.open(golden.resolve("adapter_model.safetensors"))) {
            VeraMatrices matrices = VeraMatrices.random(0, 8, 64, 64);
            assertThat(matrices.down().tensor().equal(file.tensor("base_model.vera_A")))
                    .isTrue();
            assertThat(matrices.up().tensor().equal(file.tensor("base_model.vera_B")))
                    .isTrue();
            matrices.down().close();
            matrices.up().close();
        }
    }

    @Test
    void anAdapterWithoutItsMatricesLoadsTheSame() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = model();
                DecoderModel fresh = model()) {
            Tuner tuner = Tuners.of(Specs.tuner(
                    "vera", Map.of("methods", Map.of("vera", Map.of("veraRank", 5, "veraProjectionPrngKey", 9)))));
            tuner.attach(model, 1);
            try (NoGrad guard = Torch.noGrad()) {
                model.parameters().values().stream()
                        .filter(Parameter::trainable)
                        .forEach(p -> p.tensor().add_(Torch.scalar(0.3)));
            }
            tuner.save(model, folder, "base");
            Path config = folder.resolve("adapter_config.json");
            String text = Files.readString(config);
            assertThat(text).contains("\"save_projection\" : true");
            Files.writeString(config, text.replace("\"save_projection\" : true", "\"save_projection\" : false"));
            withoutMatrices(folder.resolve("adapter_model.safetensors"));
            Tuner loaded = Adapters.load(fresh, folder, true);
            assertThat(logits(fresh)).isEqualTo(logits(model));
            loaded.save(fresh, folder.resolve("again"), "base");
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("again/adapter_model.safetensors"))) {
                assertThat(file.names()).allMatch(name -> name.contains("vera_lambda_"));
            }
        }
    }

    private static void withoutMatrices(Path file) throws IOException {
        Path all = file.resolveSibling("all.safetensors");
        Files.move(file, all);
        try (SafeTensorsFile stored = SafeTensorsFile.open(all)) {
            Map<String, Tensor> kept = new TreeMap<>();
            stored.names().stream()
                    .filter(name -> name.contains("vera_lambda_"))
                    .forEach(name -> kept.put(name, stored.tensor(name)));
            SafeTensorsWriter.write(file, kept, Map.of());
        }
    }

    private static DecoderModel model() {
        return DecoderModel.random(TinyModels.qwen3(), 7);
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
