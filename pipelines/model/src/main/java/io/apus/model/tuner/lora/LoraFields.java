package io.apus.model.tuner.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.tuner.method.PeftConfig;
import java.util.List;

/** LoRA's own fields of adapter_config.json (peft 0.17, tuners/lora/config.py). */
final class LoraFields {
    /** Options that change the result and that are not implemented. */
    private static final List<String> UNSUPPORTED =
            List.of("lora_bias", "trainable_token_indices", "use_qalora", "megatron_config");
    /** Written as null, as PEFT writes options that were not given. */
    private static final List<String> ABSENT = List.of(
            "corda_config",
            "eva_config",
            "exclude_modules",
            "layer_replication",
            "layers_pattern",
            "layers_to_transform",
            "megatron_config",
            "target_parameters",
            "trainable_token_indices");

    private LoraFields() {}

    static LoraSettings read(PeftConfig config) {
        config.refuse(UNSUPPORTED);
        LoraSettings settings = LoraSettings.of(config);
        config.check(LoraStarts.known(settings.start()), "init_lora_weights is " + config.get("init_lora_weights"));
        config.check(
                settings.patterns().empty()
                        || !LoraStarts.known(settings.start())
                        || !LoraStarts.of(settings).changesBase(),
                "rank_pattern or alpha_pattern with init_lora_weights " + settings.start());
        JsonNode loftq = config.get("loftq_config");
        config.check(
                loftq.path("loftq_bits").asInt(QuantisedStart.BITS) == QuantisedStart.BITS
                        && loftq.path("loftq_iter").asInt(1) == 1,
                "loftq_config is " + loftq);
        config.throwIfFaulty();
        return settings;
    }

    static void write(LoraSettings settings, ObjectNode config) {
        ABSENT.forEach(config::putNull);
        settings.patterns().write(config);
        ObjectNode loftq = config.putObject("loftq_config");
        if (settings.start().equals(LoraStarts.LOFTQ)) {
            loftq.put("loftq_bits", QuantisedStart.BITS).put("loftq_iter", 1);
        }
        for (String off : List.of("fan_in_fan_out", "lora_bias", "use_qalora")) {
            config.put(off, false);
        }
        String start = settings.start();
        if (start.equals(LoraStarts.TRUE) || start.equals(LoraStarts.FALSE)) {
            config.put("init_lora_weights", Boolean.parseBoolean(start));
        } else {
            config.put("init_lora_weights", start);
        }
        config.put("bias", settings.allBiases() ? "all" : "none");
        config.put("megatron_core", "megatron.core").put("qalora_group_size", 16);
        config.put("r", settings.rank()).put("lora_dropout", settings.dropout());
        config.set("lora_alpha", PeftConfig.number(settings.alpha()));
        config.put("use_dora", settings.dora()).put("use_rslora", settings.rslora());
    }
}
