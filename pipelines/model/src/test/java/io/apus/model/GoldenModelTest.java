package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.KvCache;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agreement with transformers on recorded logits, loss, gradients and greedy continuations. */
class GoldenModelTest {
    static List<String> cases() {
        return List.of(
                "gemma",
                "gemma2",
                "gemma3",
                "llama",
                "llama3_rope",
                "mistral",
                "mixtral",
                "phi",
                "phi3",
                "qwen2",
                "qwen2_tied",
                "qwen2_yarn",
                "qwen3",
                "qwen3_moe");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAgree(String name) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("models/" + name, "models/" + name);
                DecoderModel model = DecoderModel.load(golden.folder())) {
            Tensor logits = model.logits(model.hidden(golden.batch(), null));
            double error = Golden.maxError(logits, golden.unpadded("logits"));
            System.out.printf("parity %s logits %.2e%n", name, error);
            assertThat(error).isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndEveryGradientAgree(String name) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("models/" + name, "models/" + name);
                DecoderModel model = DecoderModel.load(golden.folder())) {
            model.parameters().values().forEach(p -> p.trainable(true));
            TokenBatch batch = golden.batch();
            double scale = 1 / LinearCrossEntropy.targetWeight(batch, golden.weights());
            LossStatistics statistics = new Backpropagation(model, false)
                    .step(batch, LinearCrossEntropy.of(batch, golden.weights(), scale), 0, GradientSink.none());
            assertThat(statistics.targets())
                    .isEqualTo(golden.json().get("n_loss_tokens").asLong());
            double wanted = golden.json().get("loss").asDouble();
            assertThat(statistics.meanLoss()).isCloseTo(wanted, Offset.offset(1e-5));
            double worst = 0;
            for (Parameter parameter : model.parameters().values()) {
                Tensor want = golden.tensors().tensor("grad." + parameter.name());
                double error = Golden.relativeError(parameter.gradient().orElseThrow(), want);
                assertThat(error).as(parameter.name()).isLessThan(1e-4);
                worst = Math.max(worst, error);
            }
            System.out.printf(
                    "parity %s loss %.2e gradient %.2e%n", name, Math.abs(statistics.meanLoss() - wanted), worst);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void greedyContinuationAgrees(String name) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("models/" + name, "models/" + name);
                DecoderModel model = DecoderModel.load(golden.folder());
                KvCache cache = model.cache(1, 24)) {
            List<Long> wanted = new ArrayList<>();
            golden.json().get("greedy_16").forEach(id -> wanted.add(id.asLong()));
            List<Long> prompt = new ArrayList<>();
            golden.json().get("greedy_prompt").forEach(id -> prompt.add(id.asLong()));
            long[] next = prompt.stream().mapToLong(Long::longValue).toArray();
            List<Long> got = new ArrayList<>();
            while (got.size() < wanted.size()) {
                Tensor hidden = model.hidden(TokenBatch.continuing(cache, next, next.length), cache);
                long id = model.logits(hidden.narrow(0, next.length - 1, 1))
                        .argmax()
                        .item_long();
                got.add(id);
                next = new long[] {id};
            }
            assertThat(got).isEqualTo(wanted);
        }
    }
}
