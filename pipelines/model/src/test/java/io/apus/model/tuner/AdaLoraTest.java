package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.method.OtherRanks;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks that are taken away over a run. */
class AdaLoraTest {
    private static final int STEPS = 6;

    @TempDir
    Path folder;

    @Test
    void afterTheRunTheTargetIsLeftAndOnlyThatIsSaved() throws IOException {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base();
                DecoderModel fresh = TunerCase.base()) {
            Tuner tuner = Tuners.of(spec());
            tuner.attach(model, 1);
            train(model, tuner);
            long left = model.parameters().values().stream()
                    .filter(p -> p.name().endsWith(".lora_E"))
                    .mapToLong(p -> p.tensor().count_nonzero().item_long())
                    .sum();
            assertThat(left).isEqualTo(3 * 6);

            tuner.save(model, folder, "base");
            JsonNode config = new ObjectMapper()
                    .readTree(folder.resolve("adapter_config.json").toFile());
            assertThat(config.get("total_step").asInt()).isEqualTo(STEPS);
            long kept = config.get("rank_pattern").properties().stream()
                    .flatMap(e -> StreamSupport.stream(e.getValue().spliterator(), false))
                    .filter(JsonNode::asBoolean)
                    .count();
            assertThat(kept).isEqualTo(left);
            try (SafeTensorsFile file = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
                long rows = file.names().stream()
                        .filter(name -> name.endsWith(".lora_A"))
                        .mapToLong(name -> file.info(name).shape().get(0))
                        .sum();
                assertThat(rows).isEqualTo(left);
            }
            Tuner again = Adapters.load(fresh, folder, true);
            assertThat(logits(fresh)).containsExactly(logits(model), Offset.offset(1e-5f));
            again.save(fresh, folder.resolve("again"), "base");
            assertThat(new ObjectMapper()
                            .readTree(
                                    folder.resolve("again/adapter_config.json").toFile())
                            .get("rank_pattern"))
                    .hasSize(6);
        }
    }

    @Test
    void whatItHasNotIsRefused() {
        assertThatThrownBy(() -> Tuners.of(Specs.tuner("adalora", Map.of("lora", Map.of("useDora", true)))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("neither use_dora nor");
    }

    private static TunerSpec spec() {
        return Specs.tuner(
                "adalora",
                Map.of(
                        "targets",
                        Map.of("targetModules", List.of("q_proj", "v_proj")),
                        "adalora",
                        Map.of("adaloraInitR", 5, "adaloraTargetR", 3, "adaloraTinit", 1, "adaloraTfinal", 2)));
    }

    private static void train(DecoderModel model, Tuner tuner) {
        TokenBatch batch = TokenBatch.of(TinyModels.ids(12, 3), 12);
        float[] ones = new float[12];
        Arrays.fill(ones, 1);
        for (int step = 1; step <= STEPS; step++) {
            model.parameters().values().forEach(Parameter::clearGradient);
            new Backpropagation(model, false)
                    .step(batch, LinearCrossEntropy.of(batch, ones, 1), 0, GradientSink.none());
            tuner.beforeUpdate(model);
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                model.parameters().values().forEach(p -> p.gradient()
                        .ifPresent(gradient -> p.tensor().sub_(gradient, Torch.scalar(0.1))));
            }
            tuner.afterUpdate(model, step, STEPS, OtherRanks.none());
        }
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
