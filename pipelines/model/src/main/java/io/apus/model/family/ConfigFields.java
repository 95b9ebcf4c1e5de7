package io.apus.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Typed reading of a config.json; what is wrong is collected, so that {@link #check} reports all of it at once. */
public final class ConfigFields {
    private static final String PROBLEM = "Cannot use config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode json;
    private final List<String> problems = new ArrayList<>();

    /**
     * @param aliases a key's other name in this config: what is missing under the first is looked up under the second, in which a dot
     *     leads into an object
     * @param defaults values of keys that are under neither; a key that is there as null stays null
     */
    public ConfigFields(ObjectNode json, Map<String, String> aliases, Map<String, Object> defaults) {
        this.json = json.deepCopy();
        aliases.forEach((key, alias) -> {
            JsonNode found = json.at("/" + alias.replace('.', '/'));
            if (!json.has(key) && !found.isMissingNode()) {
                this.json.set(key, found);
            }
        });
        defaults.forEach((key, value) -> {
            if (!this.json.has(key)) {
                this.json.set(key, JSON.valueToTree(value));
            }
        });
    }

    /** The config with aliases and defaults filled in. */
    ObjectNode json() {
        return json;
    }

    public JsonNode node(String key) {
        return json.path(key);
    }

    /** Whether the key is there with a value other than null. */
    public boolean has(String key) {
        return json.hasNonNull(key);
    }

    /** A required whole number of at least one. */
    public int positive(String key) {
        if (!has(key)) {
            problems.add(key + " is missing");
            return 1;
        }
        return positive(key, 1);
    }

    /** A whole number of at least one, or the fallback where the key is absent or null. */
    public int positive(String key, int fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
            problems.add(key + " is " + value + " and must be a whole number of at least 1");
            return fallback;
        }
        return value.asInt();
    }

    /** A whole number of at least one, or 0 where the key is absent or null. */
    public int positiveOrNone(String key) {
        return has(key) ? positive(key) : 0;
    }

    /** A number above zero, or the fallback where the key is absent or null. */
    public double number(String key, double fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonNode value = json.get(key);
        if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
            problems.add(key + " is " + value + " and must be a number above 0");
            return fallback;
        }
        return value.asDouble();
    }

    public boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        if (!json.get(key).isBoolean()) {
            problems.add(key + " is " + json.get(key) + " and must be true or false");
            return fallback;
        }
        return json.get(key).asBoolean();
    }

    /** A flag of which only one value can be built. */
    void fixed(String key, boolean only) {
        if (flag(key, only) != only) {
            problems.add(key + " is " + !only + ", which is not supported here");
        }
    }

    public String text(String key, String fallback) {
        return has(key) ? json.get(key).asText() : fallback;
    }

    /** A number or a list of numbers, as token ids are written; empty where the key is absent or null. */
    public List<Integer> ids(String key) {
        List<Integer> ids = new ArrayList<>();
        JsonNode value = json.path(key);
        if (value.isIntegralNumber()) {
            ids.add(value.asInt());
        }
        value.forEach(item -> ids.add(item.asInt()));
        return List.copyOf(ids);
    }

    /** What {@code reading} gives; its {@link UserError} joins the problems. */
    public <T> Optional<T> collect(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (UserError e) {
            problems.add(e.getMessage().replaceFirst("^" + PROBLEM + ": ", "").replaceFirst("\\.$", ""));
            return Optional.empty();
        }
    }

    public void problem(String text) {
        problems.add(text);
    }

    /** Throws one {@link UserError} with everything that was wrong. */
    public void check() {
        if (!problems.isEmpty()) {
            throw new UserError(PROBLEM, String.join("; ", new LinkedHashSet<>(problems)), "");
        }
    }
}
