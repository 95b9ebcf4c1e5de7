package io.apus.model.tuner.adalora;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * AdaLoRA's options, with the meaning that PEFT gives them.
 *
 * @param alpha numerator of the scale, alpha / initial rank
 * @param schedule how many ranks are left when
 * @param smoothing of the moving means
 * @param orthogonality weight of the loss that keeps A's rows and B's columns orthonormal
 * @param allBiases train every bias of the model too
 * @param ranks rank of each module whose update was cut, by module name; the others have the initial rank
 */
record AdaLoraSettings(
        double alpha,
        double dropout,
        RankSchedule schedule,
        Importance.Smoothing smoothing,
        double orthogonality,
        boolean allBiases,
        SortedMap<String, Integer> ranks) {
    /** Options of LoRA's config that change the result and that AdaLoRA has not. */
    private static final List<String> UNSUPPORTED =
            List.of("lora_bias", "alpha_pattern", "target_parameters", "use_dora", "use_qalora", "megatron_config");

    private static final String EIGEN = ".lora_E";

    static AdaLoraSettings of(TunerSpec spec) {
        if (spec.lora().useDora() || !spec.initWeights().equals("true")) {
            throw new UserError(
                    "Cannot train with adalora",
                    "it has neither use_dora nor another init_weights than true",
                    "Leave them out, or set tuner_type lora.");
        }
        return new AdaLoraSettings(
                spec.lora().loraAlpha(),
                spec.lora().loraDropout(),
                new RankSchedule(
                        spec.adalora().adaloraInitR(),
                        spec.adalora().adaloraTargetR(),
                        spec.adalora().adaloraTinit(),
                        spec.adalora().adaloraTfinal(),
                        spec.adalora().adaloraDeltaT()),
                new Importance.Smoothing(
                        spec.adalora().adaloraBeta1(), spec.adalora().adaloraBeta2()),
                spec.adalora().adaloraOrthRegWeight(),
                spec.lora().loraBias().equals("all"),
                new TreeMap<>());
    }

    static AdaLoraSettings of(PeftConfig config) {
        String bias = config.get("bias").asText("none");
        config.refuse(UNSUPPORTED).check(List.of("none", "all").contains(bias), "bias is \"" + bias + "\"");
        AdaLoraSettings settings = new AdaLoraSettings(
                config.get("lora_alpha").asDouble(8),
                config.get("lora_dropout").asDouble(0),
                new RankSchedule(
                        config.positive("init_r", 12),
                        config.positive("target_r", 8),
                        config.get("tinit").asInt(0),
                        config.get("tfinal").asInt(0),
                        config.positive("deltaT", 1)),
                new Importance.Smoothing(
                        config.get("beta1").asDouble(0.85), config.get("beta2").asDouble(0.85)),
                config.get("orth_reg_weight").asDouble(0.5),
                bias.equals("all"),
                ranks(config.get("rank_pattern")));
        config.throwIfFaulty();
        return settings;
    }

    /** PEFT lists for each E which of the initial ranks are left. */
    private static SortedMap<String, Integer> ranks(JsonNode pattern) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        pattern.properties().forEach(entry -> {
            int left = 0;
            for (JsonNode kept : entry.getValue()) {
                left += kept.asBoolean() ? 1 : 0;
            }
            ranks.put(module(entry.getKey()), left);
        });
        return ranks;
    }

    private static String module(String eigen) {
        return eigen.endsWith(EIGEN) ? eigen.substring(0, eigen.length() - EIGEN.length()) : eigen;
    }

    int rank(String module) {
        return ranks.getOrDefault(module, schedule.initial());
    }

    /** That {@code update} began with, also where its parameters are closed. */
    int rank(SingularProjection update) {
        return rank(module(update.values().name()));
    }

    /** What an update is multiplied by: the initial rank counts however many ranks are left. */
    double scale() {
        return alpha / (schedule.initial() + 1e-5);
    }
}
