package io.apus.model.tuner.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.tuner.method.PeftConfig;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Ranks and alphas of some modules that differ from the rest, by patterns over the ends of module names; the first that matches counts
 * (peft 0.17, utils/other.py, get_pattern_key).
 */
record LoraPatterns(Map<String, Integer> ranks, Map<String, Double> alphas) {
    static final LoraPatterns NONE = new LoraPatterns(Map.of(), Map.of());

    static LoraPatterns of(PeftConfig config) {
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Double> alphas = new TreeMap<>();
        JsonNode given = config.get("rank_pattern");
        given.properties()
                .forEach(entry -> ranks.put(entry.getKey(), entry.getValue().asInt()));
        config.check(ranks.values().stream().allMatch(rank -> rank >= 1), "rank_pattern is " + given);
        config.get("alpha_pattern")
                .properties()
                .forEach(entry -> alphas.put(entry.getKey(), entry.getValue().asDouble()));
        ranks.keySet()
                .forEach(key -> config.check(readable(key), "rank_pattern has \"" + key + "\", which is no pattern"));
        alphas.keySet()
                .forEach(key -> config.check(readable(key), "alpha_pattern has \"" + key + "\", which is no pattern"));
        return new LoraPatterns(ranks, alphas);
    }

    private static boolean readable(String key) {
        try {
            return pattern(key).flags() == 0;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static Pattern pattern(String key) {
        return Pattern.compile("(.*\\.)?(" + key + ")");
    }

    boolean empty() {
        return ranks.isEmpty() && alphas.isEmpty();
    }

    int rank(String module, int byDefault) {
        return first(ranks, module).orElse(byDefault);
    }

    double alpha(String module, double byDefault) {
        return first(alphas, module).orElse(byDefault);
    }

    private static <T> Optional<T> first(Map<String, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> pattern(entry.getKey()).matcher(module).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    void write(ObjectNode config) {
        ObjectNode rankPattern = config.putObject("rank_pattern");
        ranks.forEach(rankPattern::put);
        ObjectNode alphaPattern = config.putObject("alpha_pattern");
        alphas.forEach((key, alpha) -> alphaPattern.set(key, PeftConfig.number(alpha)));
    }
}
