package io.apus.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackpropagationTest {
    private static final int[] LENGTHS = {5, 7, 7, 1, 12};
    private static final long[] IDS = TinyModels.ids(32, 1);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void packedEqualsUnpacked(boolean windowed) {
        Map<String, Object> window = windowed ? Map.of("sliding_window", 4) : Map.of();
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.config("MistralForCausalLM", window), 7)) {
            trainAll(model);
            float[] weights = weights();
            double scale = 1 / LinearCrossEntropy.targetWeight(TokenBatch.of(IDS, LENGTHS), weights);
            LossStatistics packed = step(model, false, TokenBatch.of(IDS, LENGTHS), weights, scale);
            Map<String, float[]> together = gradients(model);

            LossStatistics unpacked = LossStatistics.ZERO;
            int start = 0;
            for (int length : LENGTHS) {
                TokenBatch alone = TokenBatch.of(Arrays.copyOfRange(IDS, start, start + length), length);
                float[] own = Arrays.copyOfRange(weights, start, start + length);
                unpacked = unpacked.plus(step(model, false, alone, own, scale));
                start += length;
            }
            assertThat(packed.targets()).isEqualTo(unpacked.targets());
            assertThat(packed.correct()).isEqualTo(unpacked.correct());
            assertThat(packed.meanLoss()).isCloseTo(unpacked.meanLoss(), Offset.offset(1e-5));
            assertClose(gradients(model), together, 1e-5f);
        }
    }

    @Test
    void checkpointedEqualsPlainWithDropoutAndIsRepeatable() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            Tuners.of(Specs.lora(0.5)).attach(model, 3);
            model.parameters().values().stream()
                    .filter(p -> p.name().endsWith("lora_B.weight"))
                    .forEach(p -> p.tensor().data().fill_(Torch.scalar(0.1)));
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            LossStatistics plain = step(model, false, batch, weights(), 0.1, 5);
            Map<String, float[]> kept = gradients(model);
            LossStatistics recomputed = step(model, true, batch, weights(), 0.1, 5);
            assertThat(recomputed).isEqualTo(plain);
            assertClose(gradients(model), kept, 0);
            assertThat(step(model, true, batch, weights(), 0.1, 6).lossSum()).isNotEqualTo(plain.lossSum());
        }
    }

    @Test
    void gradientsAreReportedOnceFromTheTopDown() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            trainAll(model);
            List<String> order = new ArrayList<>();
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            new Backpropagation(model, false)
                    .step(
                            batch,
                            LinearCrossEntropy.of(batch, weights(), 1),
                            0,
                            ready -> ready.forEach(p -> {
                                assertThat(p.gradient()).isPresent();
                                order.add(p.name());
                            }));
            assertThat(order).doesNotHaveDuplicates();
            assertThat(order)
                    .containsExactlyInAnyOrderElementsOf(model.parameters().keySet());
            assertThat(order.subList(0, 2)).containsExactlyInAnyOrder("model.norm.weight", "lm_head.weight");
            assertThat(order.get(2)).startsWith("model.layers.2.");
            assertThat(order.get(order.size() - 2)).startsWith("model.layers.0.");
            assertThat(order.get(order.size() - 1)).isEqualTo("model.embed_tokens.weight");
        }
    }

    @Test
    void aReportedGradientChangesNoMore() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3().with("tie_word_embeddings", true), 7)) {
            trainAll(model);
            Map<String, float[]> reported = new TreeMap<>();
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            new Backpropagation(model, true)
                    .step(
                            batch,
                            LinearCrossEntropy.of(batch, weights(), 1),
                            0,
                            ready -> ready.forEach(p -> reported.put(
                                    p.name(), Torch.toFloats(p.gradient().orElseThrow()))));
            assertClose(gradients(model), reported, 0);
        }
    }

    @Test
    void gradientsAccumulateIntoABoundView() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            trainAll(model);
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            step(model, false, batch, weights(), 1);
            Map<String, float[]> once = gradients(model);
            long total = model.config().parameterCount();
            Tensor bucket = Torch.zeros(total);
            long at = 0;
            for (Parameter p : model.parameters().values()) {
                p.gradient(bucket.narrow(0, at, p.count()).view(p.shape()));
                at += p.count();
            }
            Backpropagation backpropagation = new Backpropagation(model, false);
            LinearCrossEntropy loss = LinearCrossEntropy.of(batch, weights(), 1);
            backpropagation.step(batch, loss, 0, GradientSink.none());
            backpropagation.step(batch, loss, 0, GradientSink.none());
            float[] flat = Torch.toFloats(bucket);
            int offset = 0;
            for (float[] values : once.values()) {
                for (float value : values) {
                    assertThat(flat[offset++]).isCloseTo(2 * value, Offset.offset(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingLeaksOverSteps(boolean checkpointed) {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            trainAll(model);
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            Backpropagation backpropagation = new Backpropagation(model, checkpointed);
            backpropagation.step(batch, LinearCrossEntropy.of(batch, weights(), 1), 0, GradientSink.none());
            long baseline = Scope.liveNatives();
            for (int i = 0; i < 3; i++) {
                backpropagation.step(batch, LinearCrossEntropy.of(batch, weights(), 1), i, GradientSink.none());
            }
            assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
        }
    }

    @Test
    void aFailingSinkLeavesNothingBehind() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            trainAll(model);
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            LinearCrossEntropy loss = LinearCrossEntropy.of(batch, weights(), 1);
            Backpropagation backpropagation = new Backpropagation(model, false);
            backpropagation.step(batch, loss, 0, GradientSink.none());
            long baseline = Scope.liveNatives();
            try {
                backpropagation.step(batch, loss, 0, ready -> {
                    throw new IllegalStateException("a peer is gone");
                });
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("a peer is gone");
            }
            assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
        }
    }

    @Test
    void aBatchWithoutTargetsAddsNothing() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 7)) {
            trainAll(model);
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            assertThat(step(model, false, batch, new float[32], 1)).isEqualTo(LossStatistics.ZERO);
            gradients(model).values().forEach(values -> assertThat(values).containsOnly(0));
        }
    }

    @Test
    void thePaddingTokenLearnsNothingAsInput() {
        long[] ids = IDS.clone();
        ids[6] = 0;
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3().with("pad_token_id", 0), 7)) {
            trainAll(model);
            step(model, false, TokenBatch.of(ids, LENGTHS), weights(), 1);
            float[] embedding = gradients(model).get("model.embed_tokens.weight");
            assertThat(Arrays.copyOf(embedding, 16)).containsOnly(0);
            assertThat(Arrays.copyOfRange(embedding, (int) ids[7] * 16, (int) ids[7] * 16 + 16))
                    .doesNotContain(0);
        }
    }

    private static float[] weights() {
        float[] weights = new float[IDS.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 3 == 0 ? 0 : 1 + i % 2;
        }
        return weights;
    }

    private static void trainAll(DecoderModel model) {
        model.parameters().values().forEach(p -> p.trainable(true));
    }

    private static LossStatistics step(
            DecoderModel model, boolean checkpointed, TokenBatch batch, float[] weights, double scale) {
        return step(model, checkpointed, batch, weights, scale, 0);
    }

    private static LossStatistics step(
            DecoderModel model, boolean checkpointed, TokenBatch batch, float[] weights, double scale, long seed) {
        return new Backpropagation(model, checkpointed)
                .step(batch, LinearCrossEntropy.of(batch, weights, scale), seed, GradientSink.none());
    }

    /** The gradients by name, which are cleared. */
    private static Map<String, float[]> gradients(DecoderModel model) {
        Map<String, float[]> gradients = new TreeMap<>();
        model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> {
            gradients.put(p.name(), Torch.toFloats(p.gradient().orElseThrow()));
            p.clearGradient();
        });
        return gradients;
    }

    private static void assertClose(Map<String, float[]> got, Map<String, float[]> wanted, float tolerance) {
        assertThat(got.keySet()).isEqualTo(wanted.keySet());
        got.forEach((name, values) ->
                assertThat(values).as(name).containsExactly(wanted.get(name), Offset.offset(tolerance)));
    }
}
