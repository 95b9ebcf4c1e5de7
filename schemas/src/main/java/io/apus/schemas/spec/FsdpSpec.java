package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sharding as ms-swift and transformers ask PyTorch's FSDP for it: the same as a stage of ZeRO, layer by layer. Of {@code fsdp_config} the keys
 * that choose something are followed; those that describe what happens anyway may say so and nothing else.
 */
@Group
public record FsdpSpec(
        @Doc(
                        "fsdp2, or words of transformers: full_shard (as zero3), shard_grad_op (as zero2), hybrid_shard and hybrid_shard_zero2 (as these, among the ranks of a host or parallel dp_shard) or no_shard, with offload and auto_wrap; or JSON with fsdp and fsdp_config, or its file; not with deepspeed")
                String fsdp,
        @Doc("of fsdp: activation_checkpointing, reshard_after_forward, offload_params, and what always holds")
                Map<String, String> fsdpConfig) {
    private static final String OPTION = "fsdp";
    private static final String CONFIG = "fsdp_config";
    private static final String PRESET = "fsdp2";
    private static final String FULL = "full_shard";
    private static final String GRADIENTS = "shard_grad_op";
    private static final String NONE = "no_shard";
    private static final String HYBRID = "hybrid_shard";
    private static final String HYBRID_GRADIENTS = "hybrid_shard_zero2";
    private static final String OFFLOAD = "offload";
    private static final List<String> STRATEGIES = List.of(FULL, GRADIENTS, HYBRID, HYBRID_GRADIENTS, NONE);
    private static final List<String> WORDS =
            List.of(PRESET, FULL, GRADIENTS, HYBRID, HYBRID_GRADIENTS, NONE, OFFLOAD, "auto_wrap");

    private static final String CHECKPOINTING = "activation_checkpointing";
    private static final String RESHARD = "reshard_after_forward";
    private static final List<String> OFFLOADING = List.of("offload_params", "cpu_offload");
    private static final String TRUE = "true";
    private static final List<String> TRUTHS = List.of(TRUE, "false");
    /** What may be said of each key. */
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry(CHECKPOINTING, TRUTHS),
            Map.entry(RESHARD, TRUTHS),
            Map.entry("offload_params", TRUTHS),
            Map.entry("cpu_offload", TRUTHS),
            Map.entry("version", List.of("2")),
            Map.entry("auto_wrap_policy", List.of("transformer_based_wrap")),
            Map.entry("state_dict_type", List.of("sharded_state_dict")),
            Map.entry("cpu_ram_efficient_loading", List.of(TRUE)),
            Map.entry("sync_module_states", List.of(TRUE)),
            Map.entry("use_orig_params", List.of(TRUE)),
            Map.entry("forward_prefetch", List.of(TRUE)),
            Map.entry("backward_prefetch", List.of("backward_pre")));

    public FsdpSpec {
        fsdpConfig = orEmpty(fsdpConfig);
        Problems problems = new Problems("train")
                .require(fsdp != null || fsdpConfig.isEmpty(), CONFIG, "is about fsdp, which is not given");
        if (fsdp != null) {
            for (String word : words(fsdp)) {
                problems.oneOf(OPTION, word, WORDS);
            }
            problems.require(
                    words(fsdp).contains(PRESET)
                            ? words(fsdp).size() == 1
                            : words(fsdp).stream().filter(STRATEGIES::contains).count() == 1,
                    OPTION,
                    "needs exactly one of " + PRESET + ", " + String.join(", ", STRATEGIES) + ", is \"" + fsdp + "\"");
            contradictions(problems, words(fsdp), normal(fsdpConfig));
        }
        for (Map.Entry<String, String> entry : normal(fsdpConfig).entrySet()) {
            problems.oneOf(
                            CONFIG,
                            entry.getKey(),
                            KEYS.keySet().stream().sorted().toList())
                    .require(
                            KEYS.getOrDefault(entry.getKey(), List.of(entry.getValue()))
                                    .contains(entry.getValue()),
                            CONFIG,
                            entry.getKey() + " can be "
                                    + String.join(" or ", KEYS.getOrDefault(entry.getKey(), List.of())) + " here, is "
                                    + entry.getValue());
        }
        problems.throwIfAny();
    }

    /** What would be taken and do nothing. */
    private static void contradictions(Problems problems, List<String> words, Map<String, String> config) {
        boolean offload = words.contains(OFFLOAD) || OFFLOADING.stream().anyMatch(key -> TRUE.equals(config.get(key)));
        problems.require(!words.contains(NONE) || !offload, OPTION, NONE + " spreads nothing that could be offloaded")
                .require(
                        !words.contains(NONE) || !config.containsKey(RESHARD),
                        CONFIG,
                        RESHARD + " is about weights that are spread, and " + NONE + " spreads none")
                .require(
                        !words.contains(GRADIENTS) || !TRUE.equals(config.get(RESHARD)),
                        CONFIG,
                        RESHARD + " true is " + FULL + ", and fsdp says " + GRADIENTS)
                .require(
                        !words.contains(HYBRID_GRADIENTS) || !TRUE.equals(config.get(RESHARD)),
                        CONFIG,
                        RESHARD + " true is " + HYBRID + ", and fsdp says " + HYBRID_GRADIENTS);
    }

    static FsdpSpec none() {
        return new FsdpSpec(null, null);
    }

    boolean given() {
        return fsdp != null;
    }

    /** The stage of ZeRO that it comes to. */
    int stage() {
        if (!given() || words(fsdp).contains(NONE)) {
            return 0;
        }
        boolean gradients = words(fsdp).contains(GRADIENTS) || words(fsdp).contains(HYBRID_GRADIENTS);
        return gradients || says(RESHARD, "false") ? 2 : 3;
    }

    /** Whether the ranks of each host keep a copy of what is spread. */
    boolean byHost() {
        return given() && (words(fsdp).contains(HYBRID) || words(fsdp).contains(HYBRID_GRADIENTS));
    }

    boolean offload() {
        return given() && (words(fsdp).contains(OFFLOAD) || OFFLOADING.stream().anyMatch(key -> says(key, TRUE)));
    }

    /** Whether activations are recomputed whatever gradient_checkpointing says, as in ms-swift's preset. */
    boolean activationCheckpointing() {
        boolean preset = given() && words(fsdp).contains(PRESET) && !says(CHECKPOINTING, "false");
        return preset || says(CHECKPOINTING, TRUE);
    }

    private boolean says(String key, String value) {
        return value.equals(normal(fsdpConfig).get(key));
    }

    private static List<String> words(String fsdp) {
        return List.of(fsdp.strip().split("[\\s,]+"));
    }

    /** Keys without the prefix that transformers takes off too, values in small letters; keys that begin with _ are remarks. */
    private static SortedMap<String, String> normal(Map<String, String> config) {
        SortedMap<String, String> normal = new TreeMap<>();
        config.forEach((key, value) -> {
            if (!key.startsWith("_")) {
                normal.put(key.replaceFirst("^fsdp_", ""), value.toLowerCase(Locale.ROOT));
            }
        });
        return normal;
    }
}
