package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.family.Families;
import io.apus.model.layer.AttentionGroups;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenShare;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.RouterLoss;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load-balancing loss of experts, whose parts the blocks add one by one. */
class RouterLossTest {
    private static final int[] LENGTHS = {9, 4, 11};
    private static final long[] IDS = TinyModels.ids(24, 6);
    private static final double COEFFICIENT = 0.3;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> theLossIsThatOfTransformers() {
        return FamilyGolden.all().stream()
                .filter(golden -> golden.json().has("router_aux_loss"))
                // There transformers hands the weights of the chosen experts to a formula for logits.
                .filter(golden -> !golden.name().equals("gpt_oss"))
                .filter(golden -> Families.names().contains(golden.architecture()))
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    try (Scope scope = Scope.open();
                            DecoderModel model = golden.load(scratch(golden.name()))) {
                        double wanted = golden.json().path("router_aux_loss").asDouble();
                        assertThat(step(model, golden.packed(), false).routerLoss())
                                .isCloseTo(wanted, Offset.offset(2e-5));
                    }
                }));
    }

    private Path scratch(String name) {
        try {
            return Files.createTempDirectory(folder, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAreThoseOfOneGraph(boolean checkpointed) {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = experts()) {
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            step(model, batch, checkpointed);
            Map<String, float[]> byBlock = gradients(model);
            model.parameters().values().forEach(Parameter::clearGradient);
            wholeGraph(model, batch).backward();
            Map<String, float[]> whole = gradients(model);
            assertThat(whole).hasSizeGreaterThan(20);
            whole.forEach((name, wanted) ->
                    assertThat(byBlock.get(name)).as(name).containsExactly(wanted, Offset.offset(2e-5f)));
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    /** Cross-entropy plus the loss as transformers writes it: shares by rank of the choice, over the tokens of all layers. */
    private static Tensor wholeGraph(DecoderModel model, TokenBatch batch) {
        PassContext context =
                PassContext.training(model.rotaries(), batch, true, AttentionGroups.none(), TokenShare.all());
        Tensor states = model.embedding().forward(batch);
        TensorVector said = new TensorVector();
        for (DecoderBlock block : model.blocks()) {
            states = block.forward(states, context);
            said.push_back(context.takeRouted().probabilities());
        }
        Tensor logits = torch.linear(
                model.finalNorm().forward(states), model.head().weight().tensor());
        Tensor probabilities = torch.cat(said, 0);
        Tensor chosen = new Tensor(probabilities.topk(2).get1());
        Tensor shares = torch.one_hot(chosen, 6).to(torch.ScalarType.Float).mean(0);
        Tensor balance = shares.mul(probabilities.mean(0).unsqueeze(0)).sum().mul(Torch.scalar(6));
        Tensor[] rows = {Torch.longs(rows()), Torch.longs(labels())};
        return torch.cross_entropy_loss(logits.index_select(0, rows[0]), rows[1])
                .add(balance.mul(Torch.scalar(COEFFICIENT)));
    }

    private static long[] rows() {
        long[] rows = new long[IDS.length - LENGTHS.length];
        int count = 0;
        int end = 0;
        for (int length : LENGTHS) {
            for (int i = 1; i < length; i++) {
                rows[count++] = end + i - 1L;
            }
            end += length;
        }
        return rows;
    }

    private static long[] labels() {
        return Arrays.stream(rows()).map(row -> IDS[(int) row + 1]).toArray();
    }

    @Test
    void passesOfAStepAreAveragedByTheWeightsOfTheirTokens() {
        try (Scope scope = Scope.open();
                DecoderModel model = experts()) {
            LossStatistics first = step(model, TokenBatch.of(Arrays.copyOf(IDS, 9), 9), false);
            LossStatistics second = step(model, TokenBatch.of(Arrays.copyOfRange(IDS, 9, 24), 4, 11), true);
            double wanted = (8 * first.routerLoss() + 13 * second.routerLoss()) / 21;
            assertThat(first.plus(second).routerLoss()).isCloseTo(wanted, Offset.offset(1e-12));
        }
    }

    @Test
    void withoutACoefficientNothingIsComputed() {
        try (Scope scope = Scope.open();
                DecoderModel model = experts()) {
            TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
            LossStatistics plain = new Backpropagation(model, false)
                    .step(batch, LinearCrossEntropy.of(batch, weights(batch), 1), 0, GradientSink.none());
            assertThat(plain.routerSum()).isZero();
        }
    }

    /** An update of experts that no token is sent to gets no gradient, and is no error. */
    @Test
    void aBlockMayTrainNothingThatIsUsed() {
        try (Scope scope = Scope.open();
                DecoderModel model = experts()) {
            model.parameters().values().forEach(p -> p.trainable(false));
            TokenBatch batch = TokenBatch.of(new long[] {5, 6}, 2);
            for (int expert = 0; expert < 6; expert++) {
                Parameter own = model.parameters().get("model.layers.2.mlp.experts." + expert + ".up_proj.weight");
                own.trainable(true);
                step(model, batch, false);
                own.trainable(false);
            }
        }
    }

    private static DecoderModel experts() {
        DecoderModel model = DecoderModel.random(
                TinyModels.config(
                        "Qwen3MoeForCausalLM",
                        Map.of("num_experts", 6, "num_experts_per_tok", 2, "moe_intermediate_size", 12)),
                7);
        model.parameters().values().forEach(p -> p.trainable(true));
        return model;
    }

    private static LossStatistics step(DecoderModel model, TokenBatch batch, boolean checkpointed) {
        float[] weights = weights(batch);
        double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
        return new Backpropagation(model, checkpointed)
                .step(
                        batch,
                        LinearCrossEntropy.of(batch, weights, scale),
                        new RouterLoss(COEFFICIENT, scale),
                        0,
                        GradientSink.none());
    }

    private static float[] weights(TokenBatch batch) {
        float[] weights = new float[batch.tokens()];
        Arrays.fill(weights, 1);
        return weights;
    }

    private static Map<String, float[]> gradients(DecoderModel model) {
        Map<String, float[]> all = new TreeMap<>();
        model.parameters()
                .forEach((name, parameter) ->
                        parameter.gradient().ifPresent(gradient -> all.put(name, Torch.toFloats(gradient))));
        return all;
    }
}
