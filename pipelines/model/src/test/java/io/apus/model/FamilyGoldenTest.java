package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.family.Families;
import io.apus.model.family.Family;
import io.apus.model.layer.KvCache;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every registered family agrees with transformers: weights' names and shapes, logits, loss, gradients, packing and cached generation. */
class FamilyGoldenTest {
    /** A mixture under an architecture that is registered for its dense members only. */
    private static final Set<String> DENSE_ONLY = Set.of("minicpm_moe");

    /** Left behind for people to read. */
    private static final ParityTable PARITY = new ParityTable();

    @TempDir
    Path folder;

    @AfterAll
    static void table() throws IOException {
        PARITY.write(Path.of("target", "family-parity.md"));
    }

    @Test
    void everyFamilyHasAReference() {
        Set<Family> recorded = FamilyGolden.all().stream()
                .map(FamilyGolden::architecture)
                .filter(Families.names()::contains)
                .map(Families::of)
                .collect(Collectors.toSet());
        assertThat(Families.names()).allSatisfy(name -> assertThat(recorded).contains(Families.of(name)));
    }

    @TestFactory
    Stream<DynamicTest> shapesAgree() {
        return each((golden, model) -> {
            Map<String, long[]> wanted = golden.shapes();
            Map<String, long[]> got = model.config().shapes();
            assertThat(got.keySet()).isEqualTo(wanted.keySet());
            wanted.forEach((name, shape) -> assertThat(got.get(name)).as(name).isEqualTo(shape));
        });
    }

    @TestFactory
    Stream<DynamicTest> logitsAgree() {
        return each((golden, model) -> {
            Tensor hidden = model.hidden(golden.packed(), null);
            Tensor logits = model.logits(hidden.index_select(0, Torch.longs(golden.positions())));
            Tensor wanted = Torch.floats(golden.logits()).reshape(logits.size(0), -1);
            // Both sides round in float32: ours may be off as far as the reference is, a few times over.
            double error = Golden.maxError(logits.narrow(1, 0, wanted.size(1)), wanted);
            PARITY.add(golden.name(), "logits", error);
            assertThat(error).isLessThan(1e-5 + 5 * golden.ownError("logits"));
        });
    }

    @TestFactory
    Stream<DynamicTest> lossAndEveryGradientAgree() {
        return each((golden, model) -> {
            model.parameters().values().forEach(p -> p.trainable(true));
            TokenBatch batch = golden.packed();
            float[] weights = new float[batch.tokens()];
            Arrays.fill(weights, 1);
            double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
            LossStatistics statistics = new Backpropagation(model, false)
                    .step(batch, LinearCrossEntropy.of(batch, weights, scale), 0, GradientSink.none());
            double loss = golden.json().path("loss").asDouble();
            PARITY.add(golden.name(), "loss", Math.abs(statistics.meanLoss() - loss));
            assertThat(statistics.meanLoss()).isCloseTo(loss, Offset.offset(1e-5));
            golden.json()
                    .path("gradients")
                    .fields()
                    .forEachRemaining(entry -> checkGradient(golden, model, entry.getKey(), entry.getValue()));
        });
    }

    /** The norm sees a wrong size, the product with a tensor of made-up values a wrong place. */
    private static void checkGradient(FamilyGolden golden, DecoderModel model, String name, JsonNode wanted) {
        Parameter parameter = model.parameters().get(name);
        assertThat(parameter).as(name).isNotNull();
        double norm = wanted.path("norm").asDouble();
        double gotNorm = 0;
        double gotProbe = 0;
        if (parameter.gradient().isPresent()) {
            Tensor got = parameter.gradient().orElseThrow();
            float[] gradient = Torch.toFloats(model.config().storedTransposed(name) ? got.t() : got);
            float[] probe = FormulaWeights.values("probe." + name, parameter.shape(), 1);
            for (int i = 0; i < gradient.length; i++) {
                gotNorm += (double) gradient[i] * gradient[i];
                gotProbe += (double) gradient[i] * probe[i];
            }
        }
        double error = Math.max(
                Math.abs(Math.sqrt(gotNorm) - norm),
                Math.abs(gotProbe - wanted.path("probe").asDouble()));
        PARITY.add(golden.name(), "gradients", error / Math.max(norm, 1e-2));
        // Probes are of size one and less: the product is off by no more than the error's norm is likely to be.
        Offset<Double> tolerance = Offset.offset(1e-4 * norm + 1e-6);
        assertThat(Math.sqrt(gotNorm)).as(name + " norm").isCloseTo(norm, tolerance);
        assertThat(gotProbe).as(name + " probe").isCloseTo(wanted.path("probe").asDouble(), tolerance);
    }

    @TestFactory
    Stream<DynamicTest> packedRowsEqualSingleOnes() {
        return each((golden, model) -> {
            Tensor packed = model.logits(model.hidden(golden.packed(), null));
            int start = 0;
            for (int i = 0; i < golden.rows(); i++) {
                long[] row = golden.row(i);
                Tensor single = model.logits(model.hidden(TokenBatch.of(row, row.length), null));
                assertThat(Golden.maxError(single, packed.narrow(0, start, row.length)))
                        .as("row " + i)
                        .isLessThan(1e-5 + golden.ownError("logits"));
                start += row.length;
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> cachedGreedyContinuationAgrees() {
        return each((golden, model) -> {
            long[] next = FamilyGolden.longs(golden.json().path("greedy_prompt"));
            long[] wanted = FamilyGolden.longs(golden.json().path("greedy"));
            long[] got = new long[wanted.length];
            try (KvCache cache = model.cache(1, next.length + wanted.length)) {
                for (int i = 0; i < got.length; i++) {
                    Tensor hidden = model.hidden(TokenBatch.continuing(cache, next, next.length), cache);
                    got[i] = model.logits(hidden.narrow(0, next.length - 1, 1))
                            .argmax()
                            .item_long();
                    next = new long[] {got[i]};
                }
            }
            assertThat(got).isEqualTo(wanted);
        });
    }

    private Stream<DynamicTest> each(BiConsumer<FamilyGolden, DecoderModel> check) {
        return FamilyGolden.all().stream()
                .filter(golden -> Families.names().contains(golden.architecture()))
                .filter(golden -> !DENSE_ONLY.contains(golden.name()))
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    try (Scope scope = Scope.open();
                            DecoderModel model = golden.load(scratch(golden.name()))) {
                        check.accept(golden, model);
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
}
