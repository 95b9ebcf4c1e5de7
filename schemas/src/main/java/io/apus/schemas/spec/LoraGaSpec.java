package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** Options of init_weights lora-ga. */
@Group
public record LoraGaSpec(
        @Doc("rows of a batch that LoRA-GA takes gradients of") Integer loraGaBatchSize,
        @Doc("batches that LoRA-GA takes gradients of") Integer loraGaIters,
        @Doc("tokens of a row that count for LoRA-GA") Integer loraGaMaxLength,
        @Doc("singular vectors of the gradient that A and B begin as: ArB2r, A2rBr, ArBr or random")
                String loraGaDirection,
        @Doc("what those are multiplied by: stable, gd, unit or weightS") String loraGaScale,
        @Doc("gamma of lora_ga_scale stable: the larger, the smaller the start") Integer loraGaStableGamma) {
    public LoraGaSpec {
        loraGaBatchSize = orElse(loraGaBatchSize, 2);
        loraGaIters = orElse(loraGaIters, 2);
        loraGaMaxLength = orElse(loraGaMaxLength, 1024);
        loraGaDirection = orElse(loraGaDirection, "ArB2r");
        loraGaScale = orElse(loraGaScale, "stable");
        loraGaStableGamma = orElse(loraGaStableGamma, 16);
        new Problems("tuner")
                .positive("lora_ga_batch_size", loraGaBatchSize)
                .positive("lora_ga_iters", loraGaIters)
                .require(loraGaMaxLength > 1, "lora_ga_max_length", "must be above 1, is " + loraGaMaxLength)
                .oneOf("lora_ga_direction", loraGaDirection, List.of("ArB2r", "A2rBr", "ArBr", "random"))
                .oneOf("lora_ga_scale", loraGaScale, List.of("stable", "gd", "unit", "weightS"))
                .positive("lora_ga_stable_gamma", loraGaStableGamma)
                .throwIfAny();
    }

    static LoraGaSpec defaults() {
        return new LoraGaSpec(null, null, null, null, null, null);
    }
}
