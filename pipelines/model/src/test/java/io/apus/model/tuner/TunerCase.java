package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One tuner as the contract tries it.
 *
 * @param spec small enough for {@link TinyModels#qwen3}
 * @param startsAtTheBase whether attaching changes nothing that the model computes
 * @param merges whether it is a change of weights, which can be folded in
 */
record TunerCase(String name, TunerSpec spec, boolean startsAtTheBase, boolean merges) {
    /** Options where the defaults do not fit a tiny model, and starts of a tuner beside its usual one. */
    private static final List<TunerCase> SPECIAL = List.of(
            of("lora", Specs.lora(0.2)),
            of("lora with modules_to_save", saving("lm_head", "embed_tokens")),
            of("lora with DoRA", Specs.lora(Map.of("useDora", true, "loraDropout", 0.2))),
            of("lora from gaussian", startingAs("gaussian")),
            of("lora from pissa", startingAs("pissa")),
            of("lora from pissa_niter_4", startingAs("pissa_niter_4")),
            of("lora from olora", startingAs("olora")),
            of("lora from lora-ga", startingAs("lora-ga")),
            new TunerCase("lora from loftq", startingAs("loftq"), false, true),
            new TunerCase("lora from false", startingAs("false"), false, true),
            of("adalora", Specs.tuner("adalora", Map.of("adalora", Map.of("adaloraInitR", 6, "adaloraTargetR", 3)))));

    /** Every registered tuner, under its own name where nothing special is said of it. */
    static Stream<TunerCase> all() {
        return Stream.concat(
                Tuners.names().stream()
                        .filter(name -> SPECIAL.stream()
                                .noneMatch(it -> it.spec().tunerType().equals(name)))
                        .map(name -> of(name, TunerSpec.of(name))),
                SPECIAL.stream());
    }

    private static TunerCase of(String name, TunerSpec spec) {
        return new TunerCase(name, spec, true, true);
    }

    private static TunerSpec startingAs(String start) {
        return Specs.tuner("lora", Map.of("initWeights", start, "lora", Specs.loraGroup(Map.of("loraDropout", 0.2))));
    }

    private static TunerSpec saving(String... modules) {
        Map<String, Object> targets = Map.of("modulesToSave", List.of(modules));
        return Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of())));
    }

    static DecoderModel base() {
        return DecoderModel.random(TinyModels.qwen3().with("tie_word_embeddings", true), 7);
    }

    Tuner attached(DecoderModel model) {
        Tuner tuner = Tuners.of(spec);
        if (tuner.gradientSample().isEmpty()) {
            tuner.attach(model, 11);
            return tuner;
        }
        try (Scope scope = Scope.open()) {
            tuner.attach(model, 11, gradients(model));
        }
        return tuner;
    }

    /** Some gradient for every linear, as a run would take it from its data. */
    static Map<String, Tensor> gradients(DecoderModel model) {
        GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(2));
        Map<String, Tensor> gradients = new TreeMap<>();
        model.projections()
                .values()
                .forEach(slot -> gradients.put(
                        slot.name() + ".weight",
                        Torch.emptyFloats(slot.get().outFeatures(), slot.get().inFeatures())
                                .normal_(0, 0.1, generator)));
        return gradients;
    }

    @Override
    public String toString() {
        return name;
    }
}
