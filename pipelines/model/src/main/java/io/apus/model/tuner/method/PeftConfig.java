package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.Embedding;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** PEFT's adapter_config.json (peft 0.17): the fields that all methods share, and a look at a method's own. */
public final class PeftConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Options of many methods that change the result and that nothing here implements: absent, null, false or empty. */
    private static final List<String> UNSUPPORTED =
            List.of("exclude_modules", "fan_in_fan_out", "layer_replication", "layers_pattern", "layers_to_transform");

    private final JsonNode json;
    private final List<String> faults = new ArrayList<>();

    PeftConfig(JsonNode json) {
        this.json = json;
        refuse(UNSUPPORTED);
    }

    /** The fields of {@code method} on targets that have their own names, sorted as PEFT sorts them. */
    public static ObjectNode write(AdapterMethod method, Targets targets, String baseModel) {
        return write(method, targets, Places.NONE, List.of(), baseModel);
    }

    /** The fields of {@code method} attached to {@code places}, sorted as PEFT sorts them. */
    static ObjectNode write(
            AdapterMethod method, Targets targets, Places places, List<String> modulesToSave, String baseModel) {
        ObjectNode config = JSON.createObjectNode();
        config.putNull("auto_mapping").putNull("revision");
        config.put("base_model_name_or_path", baseModel);
        config.put("inference_mode", true);
        config.put("peft_type", method.peftType()).put("task_type", "CAUSAL_LM");
        config.set("modules_to_save", modulesToSave.isEmpty() ? null : JSON.valueToTree(modulesToSave));
        if (targets.regex() != null) {
            config.put("target_modules", targets.regex());
        } else {
            config.set("target_modules", JSON.valueToTree(suffixes(targets, places)));
        }
        method.describe(config, places.linears());
        if (!targets.parameters().isEmpty()) {
            config.set("target_parameters", JSON.valueToTree(targets.parameters()));
        }
        return sorted(config);
    }

    /** The same fields in the order of their names, as PEFT writes them. */
    public static ObjectNode sorted(ObjectNode config) {
        ObjectNode sorted = JSON.createObjectNode();
        new TreeSet<>(config.properties().stream().map(e -> e.getKey()).toList())
                .forEach(key -> sorted.set(key, config.get(key)));
        return sorted;
    }

    private static SortedSet<String> suffixes(Targets targets, Places places) {
        SortedSet<String> modules = new TreeSet<>(targets.modules());
        if (modules.remove(Targets.ALL_LINEAR)) {
            places.linears().forEach(slot -> modules.add(Targets.suffix(slot)));
        }
        places.embedding().map(Embedding::weight).ifPresent(embedding -> {
            if (modules.removeIf(name -> ModuleNames.isEmbedding(embedding, name)
                    && !ModuleNames.isNamed(ModuleNames.owner(embedding), name))) {
                modules.add(ModuleNames.last(ModuleNames.owner(embedding)));
            }
        });
        return modules;
    }

    /** A number as PEFT writes it: whole ones without a fraction. */
    public static JsonNode number(double value) {
        return value == Math.rint(value) ? JSON.valueToTree((long) value) : JSON.valueToTree(value);
    }

    /** peft_type, or swift_type in files of a method that only ms-swift has. */
    public String peftType() {
        return json.path("peft_type").asText(json.path("swift_type").asText());
    }

    /** A field of the method, missing if it is not there. */
    public JsonNode get(String field) {
        return json.path(field);
    }

    /** A whole number of at least 1; anything else is a fault. */
    public int positive(String field, int byDefault) {
        int value = get(field).asInt(byDefault);
        check(value >= 1, field + " is " + get(field));
        return Math.max(value, 1);
    }

    /** Notes biases that were trained too, where the method has none. */
    public PeftConfig refuseBias() {
        return check(get("bias").asText("none").equals("none"), "bias is " + get("bias"));
    }

    /** Notes {@code fault} unless {@code holds}; {@link #throwIfFaulty} reports all of them. */
    public PeftConfig check(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
        return this;
    }

    /** Notes every one of {@code fields} that is neither absent nor null, false or empty. */
    public PeftConfig refuse(List<String> fields) {
        for (String field : fields) {
            JsonNode value = get(field);
            boolean off = value.isMissingNode() || value.isNull() || (value.isBoolean() && !value.asBoolean());
            check(off || (value.isContainerNode() && value.isEmpty()), field + " is " + value);
        }
        return this;
    }

    /** Throws a {@link UserError} with all faults that were noted. */
    public void throwIfFaulty() {
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot load adapter",
                    PeftFiles.CONFIG + " asks for what is not known here: " + String.join("; ", faults),
                    "");
        }
    }

    public Targets targets() {
        JsonNode modules = get("target_modules");
        boolean allLinear = modules.isTextual() && modules.asText().equals(Targets.ALL_LINEAR);
        return new Targets(
                allLinear ? List.of(Targets.ALL_LINEAR) : texts("target_modules"),
                modules.isTextual() && !allLinear ? modules.asText() : null,
                texts("target_parameters"));
    }

    public List<String> modulesToSave() {
        return texts("modules_to_save");
    }

    /** A list of texts, empty where there is none. */
    public List<String> texts(String field) {
        return StreamSupport.stream(get(field).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
