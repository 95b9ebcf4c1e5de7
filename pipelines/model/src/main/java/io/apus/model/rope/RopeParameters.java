package io.apus.model.rope;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How positions become rotations, as config.json says it under rope_theta with rope_scaling, or newer under rope_parameters.
 *
 * @param dim size of the rotated part of a head
 * @param type name of the scaling
 * @param values the scaling's own numbers, by their names in config.json
 */
public record RopeParameters(
        double theta, int dim, int maxPositionEmbeddings, String type, Map<String, Double> values) {

    private static final double DEFAULT_THETA = 10_000;

    /** Reads the whole config.json; {@code dim} is the size of a head. */
    public static RopeParameters of(JsonNode config, int dim, int maxPositionEmbeddings) {
        JsonNode scaling =
                config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : config.path("rope_scaling");
        double theta =
                scaling.path("rope_theta").asDouble(config.path("rope_theta").asDouble(DEFAULT_THETA));
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        Map<String, Double> values = new TreeMap<>();
        scaling.fields().forEachRemaining(field -> {
            if (field.getValue().isNumber()) {
                values.put(field.getKey(), field.getValue().asDouble());
            }
        });
        return new RopeParameters(theta, dim, maxPositionEmbeddings, type, Map.copyOf(values));
    }

    /** A number that the scaling cannot do without. */
    double required(String key) {
        return optional(key)
                .orElseThrow(() -> new UserError(
                        "Cannot use config.json",
                        "rope_scaling of type " + type + " lacks " + key,
                        "Copy rope_scaling from the model's original config.json."));
    }

    OptionalDouble optional(String key) {
        Double value = values.get(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    double optional(String key, double fallback) {
        return optional(key).orElse(fallback);
    }
}
