package io.apus.jobs.launch.options;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.spec.FilterRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Filters as YAML and flags write them: names, and maps of one name to its options. */
final class FilterRules {
    private FilterRules() {}

    /** One rule, or a list of them. Throws {@link IllegalArgumentException} with what is wrong. */
    static List<FilterRule> read(JsonNode node) {
        List<FilterRule> rules = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> rules.add(rule(element)));
        } else {
            rules.add(rule(node));
        }
        return rules;
    }

    private static FilterRule rule(JsonNode node) {
        if (node.isTextual()) {
            return FilterRule.named(node.textValue());
        }
        if (!node.isObject() || node.size() != 1) {
            throw new IllegalArgumentException("each filter is a name, or {name: {option: value}}; found " + node);
        }
        Map.Entry<String, JsonNode> rule = node.properties().iterator().next();
        JsonNode options = rule.getValue();
        if (!options.isObject() && !options.isNull()) {
            throw new IllegalArgumentException("the options of " + rule.getKey() + " are a map; found " + options);
        }
        Map<String, List<String>> values = new TreeMap<>();
        options.properties().forEach(option -> values.put(option.getKey(), values(option.getValue())));
        return new FilterRule(rule.getKey(), values);
    }

    private static List<String> values(JsonNode node) {
        if (!node.isArray()) {
            return List.of(OptionKind.TEXT.scalarText(node));
        }
        List<String> values = new ArrayList<>();
        node.forEach(element -> values.add(OptionKind.TEXT.scalarText(element)));
        return values;
    }
}
