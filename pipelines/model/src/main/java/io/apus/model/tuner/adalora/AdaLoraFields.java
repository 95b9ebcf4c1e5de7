package io.apus.model.tuner.adalora;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.tensor.Torch;
import java.util.List;

/** AdaLoRA's own fields of adapter_config.json (peft 0.17, tuners/adalora/config.py, which extends LoRA's). */
final class AdaLoraFields {
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

    private AdaLoraFields() {}

    static void write(AdaLoraSettings settings, int totalSteps, List<ProjectionSlot> targets, ObjectNode config) {
        ABSENT.forEach(config::putNull);
        config.putObject("alpha_pattern");
        config.putObject("loftq_config");
        for (String off : List.of("fan_in_fan_out", "lora_bias", "use_dora", "use_qalora", "use_rslora")) {
            config.put(off, false);
        }
        config.put("init_lora_weights", true).put("bias", settings.allBiases() ? "all" : "none");
        config.put("megatron_core", "megatron.core").put("qalora_group_size", 16);
        config.put("r", 8).put("lora_dropout", settings.dropout());
        config.set("lora_alpha", PeftConfig.number(settings.alpha()));
        RankSchedule schedule = settings.schedule();
        config.put("init_r", schedule.initial()).put("target_r", schedule.target());
        config.put("tinit", schedule.warmup()).put("tfinal", schedule.last()).put("deltaT", schedule.interval());
        config.put("beta1", settings.smoothing().sensitivity())
                .put("beta2", settings.smoothing().uncertainty());
        config.put("orth_reg_weight", settings.orthogonality()).put("total_step", totalSteps);
        pattern(targets, schedule.initial(), config);
    }

    /** Which of the initial ranks each update still has; nothing where none was taken away. */
    private static void pattern(List<ProjectionSlot> targets, int initial, ObjectNode config) {
        config.putNull("rank_pattern");
        if (targets.stream().allMatch(slot -> left(slot) == initial)) {
            return;
        }
        ObjectNode pattern = config.putObject("rank_pattern");
        for (ProjectionSlot slot : targets) {
            float[] kept = kept(slot);
            ArrayNode ranks = pattern.putArray(slot.name() + ".lora_E");
            for (int i = 0; i < initial; i++) {
                ranks.add(i < kept.length && kept[i] != 0);
            }
        }
    }

    private static int left(ProjectionSlot slot) {
        int left = 0;
        for (float kept : kept(slot)) {
            left += kept == 0 ? 0 : 1;
        }
        return left;
    }

    private static float[] kept(ProjectionSlot slot) {
        return Torch.toFloats(((SingularProjection) slot.get()).kept().tensor());
    }
}
