package io.apus.model.tuner.lora;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;

/** Low-rank updates of linears (Hu et al., 2021); files as those of peft 0.17, tuners/lora/config.py. */
public final class Lora implements AdapterMethod {
    public static final String PEFT_TYPE = "LORA";
    /** Options that change the result and that are not implemented. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "lora_bias",
            "rank_pattern",
            "alpha_pattern",
            "target_parameters",
            "trainable_token_indices",
            "use_qalora",
            "megatron_config");
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

    private final LoraSettings settings;

    private Lora(LoraSettings settings) {
        this.settings = settings;
    }

    public static AdapterMethod of(TunerSpec spec) {
        return new Lora(LoraSettings.of(spec.lora()));
    }

    public static AdapterMethod of(PeftConfig config) {
        String bias = config.get("bias").asText("none");
        String start = config.get("init_lora_weights").asText("true");
        config.refuse(UNSUPPORTED)
                .check(bias.equals("none"), "bias is \"" + bias + "\"")
                .check(
                        List.of("true", "false", "gaussian").contains(start),
                        "init_lora_weights is \"" + start + "\", which changes the base weights");
        LoraSettings settings = LoraSettings.of(config);
        config.throwIfFaulty();
        return new Lora(settings);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> LoraProjection.around(module, base, settings, generator);
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        ABSENT.forEach(config::putNull);
        config.putObject("alpha_pattern");
        config.putObject("rank_pattern");
        config.putObject("loftq_config");
        for (String off : List.of("fan_in_fan_out", "lora_bias", "use_dora", "use_qalora")) {
            config.put(off, false);
        }
        config.put("init_lora_weights", true).put("bias", "none");
        config.put("megatron_core", "megatron.core").put("qalora_group_size", 16);
        config.put("r", settings.rank()).put("lora_dropout", settings.dropout());
        config.set("lora_alpha", PeftConfig.number(settings.alpha()));
        config.put("use_rslora", settings.rslora());
    }
}
