package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.tuner.Adapters;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agreement with PEFT on recorded adapters: logits, gradients, merged weights and the files themselves. */
class GoldenAdapterTest {
    @TempDir
    Path folder;

    static Stream<String> names() {
        return Stream.of(
                "qwen2_lora",
                "qwen2_lora_qv_rs",
                "qwen2_lora_save_head",
                "qwen2_dora",
                "qwen2_pissa",
                "qwen2_loha",
                "qwen2_lokr",
                "qwen2_vera",
                "qwen2_oft",
                "qwen2_boft",
                "qwen2_ia3");
    }

    @ParameterizedTest
    @MethodSource("names")
    void logitsAndEveryGradientAgree(String name) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("peft/" + name, "models/qwen2");
                DecoderModel model = GoldenFiles.base()) {
            Adapters.load(model, golden.folder(), true);
            TokenBatch batch = golden.batch();
            Tensor logits = model.logits(model.hidden(batch, null));
            double logitError = Golden.maxError(logits, golden.unpadded("logits"));
            assertThat(logitError).isLessThan(1e-4);

            double scale = 1 / LinearCrossEntropy.targetWeight(batch, golden.weights());
            LossStatistics statistics = new Backpropagation(model, true)
                    .step(batch, LinearCrossEntropy.of(batch, golden.weights(), scale), 0, GradientSink.none());
            double wanted = golden.json().get("loss").asDouble();
            assertThat(statistics.meanLoss()).isCloseTo(wanted, Offset.offset(1e-5));
            double worst = 0;
            long trained = 0;
            for (Parameter parameter : model.parameters().values()) {
                assertThat(parameter.gradient().isPresent()).isEqualTo(parameter.trainable());
                if (parameter.trainable()) {
                    trained += parameter.count();
                    Tensor want = golden.tensors().tensor("grad." + recordedName(parameter));
                    double error = Golden.relativeError(parameter.gradient().orElseThrow(), want);
                    assertThat(error).as(parameter.name()).isLessThan(1e-4);
                    worst = Math.max(worst, error);
                }
            }
            assertThat(trained).isEqualTo(golden.json().get("trainable").asLong());
            System.out.printf(
                    "parity %s logits %.2e loss %.2e gradient %.2e%n",
                    name, logitError, Math.abs(statistics.meanLoss() - wanted), worst);
        }
    }

    private static String recordedName(Parameter parameter) {
        String name = parameter.name();
        if (name.endsWith(".lora_magnitude_vector")) {
            return name + ".weight";
        }
        return name.equals("lm_head.weight") ? "lm_head.modules_to_save.weight" : name;
    }

    @ParameterizedTest
    @MethodSource("names")
    void mergedWeightsAgree(String name) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("peft/" + name, "models/qwen2");
                DecoderModel model = GoldenFiles.base()) {
            Adapters.load(model, golden.folder(), false).merge(model);
            double worst = 0;
            for (String recorded : golden.tensors().names()) {
                if (recorded.startsWith("merged.")) {
                    Tensor got = model.parameters().get(recorded.substring(7)).tensor();
                    worst = Math.max(
                            worst, Golden.maxError(got, golden.tensors().tensor(recorded)));
                }
            }
            System.out.printf("parity %s merged %.2e%n", name, worst);
            // PiSSA takes singular vectors out of the weight and puts them back: two libraries round that differently.
            assertThat(worst).isLessThan(name.equals("qwen2_pissa") ? 1e-5 : 1e-6);
            Tensor logits = model.logits(model.hidden(golden.batch(), null));
            assertThat(Golden.maxError(logits, golden.unpadded("merged_logits")))
                    .isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void savedFilesHoldWhatPeftWrote(String name) {
        GoldenFiles.rewritten(name, folder);
    }
}
