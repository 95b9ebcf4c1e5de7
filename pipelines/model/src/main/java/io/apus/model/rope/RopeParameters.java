package io.apus.model.rope;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How positions become rotations, as config.json says it under rope_theta with rope_scaling, or newer under rope_parameters.
 *
 * @param dim size of the rotated part of a head
 * @param type name of the scaling
 * @param values the scaling's own numbers, by their names in config.json; true is 1 and false 0
 * @param lists the scaling's own lists of numbers, likewise
 */
public record RopeParameters(
        double theta,
        int dim,
        int maxPositionEmbeddings,
        String type,
        Map<String, Double> values,
        Map<String, List<Double>> lists) {

    private static final double DEFAULT_THETA = 10_000;

    /** Reads the whole config.json; {@code dim} is the size of a head. */
    public static RopeParameters of(JsonNode config, int dim, int maxPositionEmbeddings) {
        JsonNode scaling =
                config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : config.path("rope_scaling");
        double theta =
                scaling.path("rope_theta").asDouble(config.path("rope_theta").asDouble(DEFAULT_THETA));
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        Map<String, Double> values = new TreeMap<>();
        Map<String, List<Double>> lists = new TreeMap<>();
        scaling.fields().forEachRemaining(field -> {
            if (field.getValue().isBoolean()) {
                values.put(field.getKey(), field.getValue().asBoolean() ? 1.0 : 0.0);
            } else if (field.getValue().isNumber()) {
                values.put(field.getKey(), field.getValue().asDouble());
            } else if (field.getValue().isArray()) {
                lists.put(field.getKey(), numbers(field.getValue()));
            }
        });
        JsonNode trained = config.path("original_max_position_embeddings");
        if (trained.isNumber()) {
            values.putIfAbsent("original_max_position_embeddings", trained.asDouble());
        }
        return new RopeParameters(theta, dim, maxPositionEmbeddings, type, Map.copyOf(values), Map.copyOf(lists));
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(item -> numbers.add(item.asDouble()));
        return List.copyOf(numbers);
    }

    /** The same with another base. */
    public RopeParameters withTheta(double base) {
        return new RopeParameters(base, dim, maxPositionEmbeddings, type, values, lists);
    }

    /** No scaling, with another base: what layers of a second kind use. */
    public RopeParameters unscaled(double base) {
        return new RopeParameters(base, dim, maxPositionEmbeddings, "default", Map.of(), Map.of());
    }

    /** The same positions scaled in another way. */
    public RopeParameters scaled(String another, Map<String, Double> numbers) {
        return new RopeParameters(theta, dim, maxPositionEmbeddings, another, Map.copyOf(numbers), Map.of());
    }

    /** What multiplies queries and keys of latent attention under YaRN (DeepSeek's mscale_all_dim); 1 where the rotation says nothing. */
    public double scoreMagnitude() {
        return optional("factor", 1) > 1 ? YarnRope.magnitude(optional("factor", 1), optional("mscale_all_dim", 0)) : 1;
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
