package io.apus.model.tuner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.spec.TunerSpec;
import java.util.HashMap;
import java.util.Map;

/** Tuner options from the few that a test gives, by component name within their groups. */
public final class Specs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Specs() {}

    /** {@code options} like {@code {"initWeights": "pissa", "lora": {"loraRank": 4}}}. */
    public static TunerSpec tuner(String type, Map<String, Object> options) {
        ObjectNode all = JSON.valueToTree(options);
        return JSON.convertValue(all.put("tunerType", type), TunerSpec.class);
    }

    /** LoRA of rank 4 and alpha 8. */
    public static TunerSpec lora(double dropout) {
        return lora(Map.of("loraDropout", dropout));
    }

    /** LoRA of rank 4 and alpha 8 without dropout, changed by {@code options} of LoRA's group. */
    public static TunerSpec lora(Map<String, Object> options) {
        return tuner("lora", Map.of("lora", loraGroup(options)));
    }

    public static Map<String, Object> loraGroup(Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(Map.of("loraRank", 4, "loraAlpha", 8, "loraDropout", 0));
        all.putAll(options);
        return all;
    }
}
