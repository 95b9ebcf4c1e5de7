package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
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
 * @param config of the model that it is tried on
 * @param spec small enough for it
 * @param startsAtTheBase whether attaching changes nothing that the model computes
 * @param merges whether it is a change of weights, which can be folded in
 */
record TunerCase(String name, ModelConfig config, TunerSpec spec, boolean startsAtTheBase, boolean merges) {
    private static final ModelConfig QWEN = TinyModels.qwen3().with("tie_word_embeddings", true);

    /** Options where the defaults do not fit a tiny model, and starts of a tuner beside its usual one. */
    private static final List<TunerCase> SPECIAL = List.of(
            of("lora", Specs.lora(0.2)),
            of("lora with modules_to_save", saving("lm_head", "embed_tokens")),
            of("lora with norms and embedding", saving("all-norm", "all-embedding")),
            of("lora on the embedding", targeting("all-linear", "all-embedding")),
            of("lora on the embedding alone", targeting("embed_tokens")),
            experts("GptOssForCausalLM", "mlp.experts.down_proj", "mlp.experts.gate_up_proj"),
            experts("GraniteMoeForCausalLM", "input_linear.weight", "output_linear.weight"),
            experts("DbrxForCausalLM", "mlp.w1", "mlp.w2"),
            of("lora with DoRA", Specs.lora(Map.of("useDora", true, "loraDropout", 0.2))),
            of("lora from gaussian", startingAs("gaussian")),
            of("lora from pissa", startingAs("pissa")),
            of("lora from pissa_niter_4", startingAs("pissa_niter_4")),
            of("lora from olora", startingAs("olora")),
            of("lora from lora-ga", startingAs("lora-ga")),
            new TunerCase("lora from loftq", QWEN, startingAs("loftq"), false, true),
            new TunerCase("lora from false", QWEN, startingAs("false"), false, true),
            of("adalora", Specs.tuner("adalora", Map.of("adalora", Map.of("adaloraInitR", 6, "adaloraTargetR", 3)))),
            of("vera", method("vera", "vera", Map.of("veraRank", 6, "veraProjectionPrngKey", 3, "veraDropout", 0.2))),
            of("fourierft", method("fourierft", "fourier", Map.of("fourierNFrequency", 50, "fourierScaling", 40))),
            random(method("fourierft", "fourier", Map.of("fourierNFrequency", 50, "fourierScaling", 40))),
            of("oft", method("oft", "orthogonal", Map.of("oftBlockSize", 8))),
            of("boft", method("boft", "orthogonal", Map.of("boftBlockSize", 4, "boftDropout", 0.3))),
            of(
                    "boft with a butterfly",
                    method(
                            "boft",
                            "orthogonal",
                            Map.of(
                                    "boftBlockSize",
                                    0,
                                    "boftBlockNum",
                                    4,
                                    "boftNButterflyFactor",
                                    2,
                                    "boftDropout",
                                    0.3))),
            of("bone", ranked("bone", "true")),
            of("bone bat", ranked("bone", "bat")),
            random(ranked("bone", "false")),
            of("miss", ranked("miss", "true")),
            apart("adapter", method("adapter", "block", Map.of("adapterLength", 6)), true),
            reft("LoreftIntervention", true),
            reft("NoreftIntervention", true),
            reft("ConsreftIntervention", false),
            reft("LobireftIntervention", true),
            reft("DireftIntervention", true),
            reft("NodireftIntervention", true),
            of("llamapro", method("llamapro", "block", Map.of("llamaproNumNewBlocks", 3))),
            apart("prompt_tuning", method("prompt_tuning", "prompt", Map.of("numVirtualTokens", 3)), false),
            apart("prefix_tuning", method("prefix_tuning", "prompt", Map.of("numVirtualTokens", 3)), false),
            of(
                    "llamapro in one place",
                    method("llamapro", "block", Map.of("llamaproNumNewBlocks", 2, "llamaproNumGroups", 1))));

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
        return new TunerCase(name, QWEN, spec, true, true);
    }

    private static TunerSpec method(String type, String group, Map<String, Object> options) {
        return Specs.tuner(type, Map.of("methods", Map.of(group, options)));
    }

    private static TunerSpec ranked(String type, String start) {
        return Specs.tuner(type, Map.of("initWeights", start, "lora", Specs.loraGroup(Map.of())));
    }

    /** The same tuner with a start that is not at the base. */
    private static TunerCase random(TunerSpec spec) {
        TunerSpec start = Specs.tuner(
                spec.tunerType(), Map.of("initWeights", "false", "lora", spec.lora(), "methods", spec.methods()));
        return new TunerCase(spec.tunerType() + " at random", QWEN, start, false, true);
    }

    /** A tuner that is no change of weights. */
    private static TunerCase apart(String name, TunerSpec spec, boolean startsAtTheBase) {
        return new TunerCase(name, QWEN, spec, startsAtTheBase, false);
    }

    private static TunerCase reft(String kind, boolean startsAtTheBase) {
        Map<String, Object> options = Map.of("reftRank", 3, "reftLayers", List.of(0, 2), "reftInterventionType", kind);
        return apart(kind, method("reft", "block", options), startsAtTheBase);
    }

    private static TunerSpec startingAs(String start) {
        return Specs.tuner("lora", Map.of("initWeights", start, "lora", Specs.loraGroup(Map.of("loraDropout", 0.2))));
    }

    private static TunerSpec targeting(String... modules) {
        Map<String, Object> targets = Map.of("targetModules", List.of(modules));
        return Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of("useRslora", true))));
    }

    private static TunerCase experts(String architecture, String... parameters) {
        ModelConfig config = TinyModels.config(
                architecture,
                Map.of(
                        "head_dim",
                        4,
                        "num_local_experts",
                        5,
                        "d_model",
                        16,
                        "n_heads",
                        4,
                        "n_layers",
                        3,
                        "attn_config",
                        Map.of("kv_n_heads", 2),
                        "ffn_config",
                        Map.of("ffn_hidden_size", 24, "moe_num_experts", 5, "moe_top_k", 5)));
        Map<String, Object> targets = Map.of("targetModules", List.of(), "targetParameters", List.of(parameters));
        TunerSpec spec = Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of())));
        return new TunerCase("lora on experts of " + architecture, config, spec, true, true);
    }

    private static TunerSpec saving(String... modules) {
        Map<String, Object> targets = Map.of("modulesToSave", List.of(modules));
        return Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of())));
    }

    static DecoderModel base() {
        return DecoderModel.random(QWEN, 7);
    }

    DecoderModel model() {
        return DecoderModel.random(config, 7);
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
