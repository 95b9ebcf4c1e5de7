package io.apus.bench.parallel;

import io.apus.schemas.UserError;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A way for ranks to share a run, from words such as {@code dp=2 tp=2} or {@code zero3 dp=2 lora}.
 *
 * @param words as they were given
 * @param sizes ranks along each axis
 * @param deepspeed the name of a ZeRO stage, or null
 * @param tuner what is trained: full or lora
 */
public record Plan(String words, Map<String, String> sizes, String deepspeed, String tuner) {
    private static final Set<String> WITHIN = Set.of("ep", "dp_shard");

    public static Plan of(String words) {
        Map<String, String> sizes = new HashMap<>();
        String deepspeed = null;
        String tuner = "full";
        for (String word : words.strip().split("\\s+", -1)) {
            if (word.matches("[a-z_]+=[1-9][0-9]*")) {
                sizes.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            } else if (word.startsWith("zero")) {
                deepspeed = word;
            } else if (word.equals("lora") || word.equals("full")) {
                tuner = word;
            } else {
                throw new UserError(
                        "Cannot run the plan \"" + words + "\"",
                        "nothing is called " + word,
                        "Write sizes as in dp=2 tp=2, zero1 to zero3, full or lora.");
            }
        }
        return new Plan(words.strip(), sizes, deepspeed, tuner);
    }

    /** Experts and what replicas keep are divided among the ranks that the others make: they add none. */
    int ranks() {
        return sizes.entrySet().stream()
                .filter(axis -> !WITHIN.contains(axis.getKey()))
                .mapToInt(axis -> Integer.parseInt(axis.getValue()))
                .reduce(1, (a, b) -> a * b);
    }

    /** How many of the ranks see rows of their own. */
    int replicas() {
        return Integer.parseInt(sizes.getOrDefault("dp", "1"));
    }

    public boolean experts() {
        return sizes.containsKey("ep");
    }

    /** The run's options for sharing, by component name. */
    Map<String, Object> sharing() {
        return deepspeed == null ? Map.of("parallel", sizes) : Map.of("parallel", sizes, "deepspeed", deepspeed);
    }
}
