package io.apus.model.tuner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.ProjectionSlot;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** PEFT's adapter_config.json for LoRA (peft 0.17, tuners/lora/config.py), to and from {@link LoraSettings}. */
final class PeftConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Options that change the result and that are not implemented; each must be absent, null, false or empty. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "lora_bias",
            "fan_in_fan_out",
            "rank_pattern",
            "alpha_pattern",
            "layers_to_transform",
            "layer_replication",
            "exclude_modules",
            "target_parameters",
            "trainable_token_indices",
            "use_qalora",
            "megatron_config");
    /** Written as null, as PEFT writes options that were not given. */
    private static final List<String> ABSENT = List.of(
            "auto_mapping",
            "corda_config",
            "eva_config",
            "exclude_modules",
            "layer_replication",
            "layers_pattern",
            "layers_to_transform",
            "megatron_config",
            "revision",
            "target_parameters",
            "trainable_token_indices");

    private PeftConfig() {}

    static ObjectNode write(LoraSettings settings, List<ProjectionSlot> targets, String baseModel) {
        ObjectNode config = JSON.createObjectNode();
        ABSENT.forEach(config::putNull);
        config.putObject("alpha_pattern");
        config.putObject("rank_pattern");
        config.putObject("loftq_config");
        for (String off : List.of("fan_in_fan_out", "lora_bias", "use_dora", "use_qalora")) {
            config.put(off, false);
        }
        config.put("inference_mode", true).put("init_lora_weights", true);
        config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
        config.put("megatron_core", "megatron.core").put("qalora_group_size", 16);
        config.put("base_model_name_or_path", baseModel).put("bias", "none");
        config.put("r", settings.rank()).put("lora_dropout", settings.dropout());
        config.set("lora_alpha", number(settings.alpha()));
        config.put("use_rslora", settings.rslora());
        config.set(
                "modules_to_save",
                settings.modulesToSave().isEmpty() ? null : JSON.valueToTree(settings.modulesToSave()));
        if (settings.targetRegex() != null) {
            config.put("target_modules", settings.targetRegex());
        } else {
            config.set("target_modules", JSON.valueToTree(modules(settings, targets)));
        }
        return sorted(config);
    }

    private static SortedSet<String> modules(LoraSettings settings, List<ProjectionSlot> targets) {
        SortedSet<String> modules = new TreeSet<>(settings.targetModules());
        if (modules.remove(LoraTargets.ALL_LINEAR)) {
            targets.forEach(slot -> modules.add(LoraTargets.suffix(slot)));
        }
        return modules;
    }

    private static JsonNode number(double value) {
        return value == Math.rint(value) ? JSON.valueToTree((long) value) : JSON.valueToTree(value);
    }

    private static ObjectNode sorted(ObjectNode config) {
        ObjectNode result = JSON.createObjectNode();
        new TreeSet<>(config.properties().stream().map(e -> e.getKey()).toList())
                .forEach(key -> result.set(key, config.get(key)));
        return result;
    }

    static LoraSettings read(JsonNode config) {
        String kind = config.path("peft_type").asText();
        if (!kind.equals("LORA")) {
            throw new UserError("Cannot load adapter", "peft_type is \"" + kind + "\"", "Known: LORA.");
        }
        refuseUnsupported(config);
        JsonNode modules = config.path("target_modules");
        boolean allLinear = modules.isTextual() && modules.asText().equals(LoraTargets.ALL_LINEAR);
        List<String> saved = texts(config.path("modules_to_save"));
        return new LoraSettings(
                config.path("r").asInt(8),
                config.path("lora_alpha").asDouble(8),
                config.path("lora_dropout").asDouble(0),
                config.path("use_rslora").asBoolean(false),
                allLinear ? List.of(LoraTargets.ALL_LINEAR) : texts(modules),
                modules.isTextual() && !allLinear ? modules.asText() : null,
                saved);
    }

    private static void refuseUnsupported(JsonNode config) {
        List<String> faults = new ArrayList<>();
        for (String key : UNSUPPORTED) {
            JsonNode value = config.path(key);
            boolean off = value.isMissingNode() || value.isNull() || (value.isBoolean() && !value.asBoolean());
            if (!off && !(value.isContainerNode() && value.isEmpty())) {
                faults.add(key + " is " + value);
            }
        }
        if (!config.path("bias").asText("none").equals("none")) {
            faults.add("bias is " + config.path("bias"));
        }
        if (config.path("init_lora_weights").isTextual()
                && !config.path("init_lora_weights").asText().equals("gaussian")) {
            faults.add("init_lora_weights is " + config.path("init_lora_weights") + ", which changes the base weights");
        }
        if (config.path("r").asInt(8) < 1) {
            faults.add("r is " + config.path("r"));
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot load adapter",
                    "adapter_config.json asks for what is not known here: " + String.join("; ", faults),
                    "");
        }
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        node.forEach(item -> texts.add(item.asText()));
        return List.copyOf(texts);
    }
}
