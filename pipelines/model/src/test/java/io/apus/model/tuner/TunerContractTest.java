package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every registered tuner promises, tried on a tiny model; a new one is tried as soon as it is registered. */
class TunerContractTest {
    private static final int[] LENGTHS = {5, 7, 1, 12};
    private static final long[] IDS = TinyModels.ids(25, 1);
    /** Logits are about 10 here: two ways to add the same float32 products differ in the sixth digit. */
    private static final float ROUNDING = 1e-4f;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void whereItStarts(TunerCase it) {
        try (Scope scope = Scope.open();
                DecoderModel model = it.model();
                DecoderModel again = it.model()) {
            float[] before = logits(model);
            it.attached(model);
            float[] after = logits(model);
            if (it.startsAtTheBase()) {
                assertThat(after).containsExactly(before, Offset.offset(ROUNDING));
            } else {
                assertThat(after).isNotEqualTo(before);
            }
            Torch.seed(99);
            it.attached(again);
            assertSame(values(again, p -> true), values(model, p -> true));
        }
    }

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void exactlyWhatIsTrainableMoves(TunerCase it) {
        try (Scope scope = Scope.open();
                DecoderModel model = it.model()) {
            it.attached(model);
            disturb(model);
            Map<String, float[]> before = values(model, p -> true);
            Set<String> trainable = names(model, Parameter::trainable);
            step(model, false, 3);
            assertThat(trainable).isNotEmpty();
            assertThat(names(model, p -> p.gradient().isPresent())).isEqualTo(trainable);
            descend(model);
            Map<String, float[]> after = values(model, p -> true);
            Set<String> moved = new TreeSet<>(before.keySet());
            moved.removeIf(name -> Arrays.equals(before.get(name), after.get(name)));
            assertThat(moved).isEqualTo(trainable);
        }
    }

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void savedAndLoadedGoesOnInEveryBit(TunerCase it) {
        try (Scope scope = Scope.open();
                DecoderModel straight = it.model()) {
            Tuner tuner = it.attached(straight);
            disturb(straight);
            tuner.save(straight, folder, "base");
            try (DecoderModel loaded = loaded(it)) {
                assertThat(names(loaded, Parameter::trainable)).isEqualTo(names(straight, Parameter::trainable));
                assertThat(logits(loaded)).isEqualTo(logits(straight));
                assertThat(step(loaded, false, 5)).isEqualTo(step(straight, false, 5));
                assertSame(gradients(loaded), gradients(straight));
                descend(loaded);
                descend(straight);
                assertSame(values(loaded, p -> true), values(straight, p -> true));
            }
        }
    }

    /** A new model as a run would find it that starts from what was saved. */
    private DecoderModel loaded(TunerCase it) {
        if (Files.exists(folder.resolve(PeftFiles.CONFIG))) {
            DecoderModel model = it.model();
            Adapters.load(model, folder, true);
            return model;
        }
        DecoderModel model = DecoderModel.load(folder);
        it.attached(model);
        return model;
    }

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void mergedEqualsUnmerged(TunerCase it) {
        try (Scope scope = Scope.open();
                DecoderModel model = it.model()) {
            Tuner tuner = it.attached(model);
            disturb(model);
            float[] unmerged = logits(model);
            if (it.merges()) {
                tuner.merge(model);
                assertThat(logits(model)).containsExactly(unmerged, Offset.offset(ROUNDING));
                Set<String> plain = new TreeSet<>(model.config().shapes().keySet());
                plain.add("lm_head.weight");
                assertThat(plain).containsAll(model.parameters().keySet());
            } else {
                assertThatThrownBy(() -> tuner.merge(model)).isInstanceOf(UserError.class);
                assertThat(logits(model)).isEqualTo(unmerged);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void packedEqualsUnpacked(TunerCase it) {
        try (Scope scope = Scope.open();
                DecoderModel model = it.model()) {
            it.attached(model);
            disturb(model);
            float[] packed = logits(model);
            int start = 0;
            for (int length : LENGTHS) {
                TokenBatch alone = TokenBatch.of(Arrays.copyOfRange(IDS, start, start + length), length);
                float[] own = Torch.toFloats(model.logits(model.hidden(alone, null)));
                int width = own.length / length;
                float[] same = Arrays.copyOfRange(packed, start * width, (start + length) * width);
                assertThat(own).containsExactly(same, Offset.offset(ROUNDING));
                start += length;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void recomputedActivationsChangeNoBit(TunerCase it) {
        try (Scope scope = Scope.open();
                DecoderModel model = it.model()) {
            it.attached(model);
            disturb(model);
            LossStatistics kept = step(model, false, 5);
            Map<String, float[]> gradients = gradients(model);
            assertThat(step(model, true, 5)).isEqualTo(kept);
            assertSame(gradients(model), gradients);
        }
    }

    @ParameterizedTest
    @MethodSource("io.apus.model.tuner.TunerCase#all")
    void everyTensorIsFreed(TunerCase it) {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = it.model()) {
            Tuner tuner = it.attached(model);
            step(model, true, 5);
            tuner.save(model, folder, "base");
            loaded(it).close();
            if (it.merges()) {
                tuner.merge(model);
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static LossStatistics step(DecoderModel model, boolean checkpointed, long seed) {
        model.parameters().values().forEach(Parameter::clearGradient);
        TokenBatch batch = TokenBatch.of(IDS, LENGTHS);
        float[] ones = new float[IDS.length];
        Arrays.fill(ones, 1);
        LossStatistics statistics = new Backpropagation(model, checkpointed)
                .step(batch, LinearCrossEntropy.of(batch, ones, 0.1), seed, GradientSink.none());
        assertThat(statistics.meanLoss()).isCloseTo(4, within(8.0));
        return statistics;
    }

    /** Moves every trainable value a little, so that zeros of the start hide nothing. */
    static void disturb(DecoderModel model) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(3));
            model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.tensor()
                    .add_(Torch.emptyFloats(p.shape()).normal_(0, 0.05, generator)));
        }
    }

    private static void descend(DecoderModel model) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            model.parameters().values().forEach(p -> p.gradient()
                    .ifPresent(gradient -> p.tensor().sub_(gradient, Torch.scalar(0.5))));
        }
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(IDS, LENGTHS), null)));
    }

    private static Set<String> names(DecoderModel model, Predicate<Parameter> which) {
        return values(model, which).keySet();
    }

    private static Map<String, float[]> values(DecoderModel model, Predicate<Parameter> which) {
        Map<String, float[]> values = new TreeMap<>();
        model.parameters().forEach((name, parameter) -> {
            if (which.test(parameter)) {
                values.put(name, Torch.toFloats(parameter.tensor()));
            }
        });
        return values;
    }

    private static Map<String, float[]> gradients(DecoderModel model) {
        Map<String, float[]> gradients = new TreeMap<>();
        model.parameters().forEach((name, parameter) -> parameter
                .gradient()
                .map(Tensor::contiguous)
                .ifPresent(gradient -> gradients.put(name, Torch.toFloats(gradient))));
        return gradients;
    }

    private static void assertSame(Map<String, float[]> got, Map<String, float[]> wanted) {
        assertThat(got.keySet()).isEqualTo(wanted.keySet());
        got.forEach((name, values) -> assertThat(values).as(name).isEqualTo(wanted.get(name)));
    }
}
