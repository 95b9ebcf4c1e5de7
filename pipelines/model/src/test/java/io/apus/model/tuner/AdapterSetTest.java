package io.apus.model.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.lora.Combination;
import io.apus.model.tuner.lora.CombinationType;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several adapters on one model. */
class AdapterSetTest {
    private static final Offset<Float> ROUNDING = Offset.offset(1e-4f);

    @TempDir
    Path folder;

    @Test
    void adaptersAreSwitchedWithTheirHeadsAndTheBaseComesBack() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            float[] base = logits(model);
            float[] first = saved("first", lora(4, List.of("q_proj", "up_proj"), List.of("lm_head")), 3);
            float[] second = saved("second", Specs.tuner("adalora", Map.of()), 4);
            try (AdapterSet set = new AdapterSet(model)) {
                set.load("first", folder.resolve("first"));
                assertThat(logits(model)).isEqualTo(first);
                set.load("second", folder.resolve("second"));
                assertThat(logits(model)).isEqualTo(second);
                set.activate("first");
                assertThat(logits(model)).isEqualTo(first);
                set.deactivate();
                assertThat(logits(model)).isEqualTo(base);
                set.activate("second");
                assertThat(set.names()).containsExactlyInAnyOrder("first", "second");
                assertThatThrownBy(() -> set.activate("frist")).hasMessageContaining("Did you mean \"first\"");
                assertThatThrownBy(() -> set.load("first", folder.resolve("first")))
                        .hasMessageContaining("there is one of this name");
            }
            assertThat(logits(model)).isEqualTo(base);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void catIsTheWeightedSumOfTheUpdates() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base();
                DecoderModel other = TunerCase.base()) {
            saved("a", lora(4, List.of("q_proj", "up_proj"), List.of()), 3);
            saved("b", lora(2, List.of("up_proj", "down_proj"), List.of()), 4);
            Map<String, float[]> wanted = weights(model);
            add(wanted, delta("a"), 0.7f);
            add(wanted, delta("b"), -0.4f);
            try (AdapterSet set = new AdapterSet(model)) {
                set.load("a", folder.resolve("a"));
                set.load("b", folder.resolve("b"));
                set.combine("both", weights(0.7, -0.4), Combination.of(CombinationType.CAT));
                float[] combined = logits(model);
                set.save("both", folder.resolve("both"), "base");
                set.merge();
                assertThat(logits(model)).containsExactly(combined, ROUNDING);
            }
            weights(model)
                    .forEach((name, values) ->
                            assertThat(values).as(name).containsExactly(wanted.get(name), Offset.offset(1e-5f)));
            Adapters.load(other, folder.resolve("both"), false).merge(other);
            assertThat(logits(other)).containsExactly(logits(model), ROUNDING);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void svdKeepsTheLargestRankAndIsExactWhereThatSuffices() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            saved("a", lora(4, List.of("up_proj"), List.of()), 3);
            saved("b", lora(2, List.of("down_proj"), List.of()), 4);
            Map<String, float[]> wanted = weights(model);
            add(wanted, delta("a"), 0.5f);
            add(wanted, delta("b"), 2);
            try (AdapterSet set = new AdapterSet(model)) {
                set.load("a", folder.resolve("a"));
                set.load("b", folder.resolve("b"));
                set.combine("both", weights(0.5, 2), Combination.of(CombinationType.SVD));
                set.merge();
            }
            weights(model)
                    .forEach((name, values) ->
                            assertThat(values).as(name).containsExactly(wanted.get(name), Offset.offset(1e-5f)));
        }
    }

    /** PEFT: A = sum of sqrt(w s) A_i, B = sum of sqrt(w s) B_i, so one adapter alone is its update times the weight. */
    @Test
    void linearAddsFactorsOfOneRank() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            saved("a", lora(4, List.of("up_proj"), List.of()), 3);
            saved("b", lora(2, List.of("up_proj"), List.of()), 4);
            Map<String, float[]> wanted = weights(model);
            add(wanted, delta("a"), 0.5f);
            try (AdapterSet set = new AdapterSet(model)) {
                set.load("a", folder.resolve("a"));
                set.load("b", folder.resolve("b"));
                assertThatThrownBy(() -> set.combine("both", weights(0.5, 2), Combination.of(CombinationType.LINEAR)))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("their ranks differ");
                set.combine("half", Map.of("a", 0.5), Combination.of(CombinationType.LINEAR));
                set.merge();
            }
            weights(model)
                    .forEach((name, values) ->
                            assertThat(values).as(name).containsExactly(wanted.get(name), Offset.offset(1e-5f)));
        }
    }

    @Test
    void whatCannotBeSwitchedOrCombinedIsRefused() {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base();
                AdapterSet set = new AdapterSet(model)) {
            saved("pissa", Specs.tuner("lora", Map.of("initWeights", "pissa")), 3);
            assertThatThrownBy(() -> set.load("pissa", folder.resolve("pissa")))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("converted/default");
            set.load("plain", folder.resolve("pissa/converted/default"));
            saved("dora", Specs.lora(Map.of("useDora", true)), 3);
            set.load("dora", folder.resolve("dora"));
            assertThatThrownBy(() ->
                            set.combine("both", Map.of("plain", 1.0, "dora", 1.0), Combination.of(CombinationType.CAT)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("Cannot combine adapter dora: it is no plain LoRA");
            saved("headed", lora(4, List.of("q_proj"), List.of("lm_head")), 3);
            set.load("headed", folder.resolve("headed"));
            assertThatThrownBy(() -> set.combine(
                            "both", Map.of("plain", 1.0, "headed", 1.0), Combination.of(CombinationType.CAT)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("Cannot combine adapter headed: it holds more of the model in full");
            set.remove("headed");
            assertThat(set.names()).containsExactlyInAnyOrder("plain", "dora");
        }
    }

    private static TunerSpec lora(int rank, List<String> modules, List<String> saved) {
        Map<String, Object> targets = Map.of("targetModules", modules, "modulesToSave", saved);
        return Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of("loraRank", rank))));
    }

    private static Map<String, Double> weights(double a, double b) {
        return new TreeMap<>(Map.of("a", a, "b", b));
    }

    /** Leaves an adapter with values of {@code seed} in a folder; returns the logits with it. */
    private float[] saved(String name, TunerSpec spec, int seed) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = TunerCase.base()) {
            Tuner tuner = Tuners.of(spec);
            tuner.attach(model, seed);
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.tensor()
                    .add_(Torch.emptyFloats(p.shape()).normal_(0, 0.05, generator)));
            tuner.save(model, folder.resolve(name), "base");
            return logits(model);
        }
    }

    /** What merging an adapter alone changes. */
    private Map<String, float[]> delta(String name) {
        try (Scope scope = Scope.open();
                DecoderModel model = TunerCase.base()) {
            Map<String, float[]> before = weights(model);
            Adapters.load(model, folder.resolve(name), false).merge(model);
            Map<String, float[]> delta = weights(model);
            add(delta, before, -1);
            return delta;
        }
    }

    private static void add(Map<String, float[]> sum, Map<String, float[]> values, float weight) {
        sum.forEach((name, to) -> {
            float[] from = values.get(name);
            for (int i = 0; i < to.length; i++) {
                to[i] += weight * from[i];
            }
        });
    }

    private static Map<String, float[]> weights(DecoderModel model) {
        Map<String, float[]> weights = new TreeMap<>();
        model.parameters().forEach((name, parameter) -> weights.put(name, Torch.toFloats(parameter.tensor())));
        return weights;
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
