package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Which model is trained. */
@Doc("which model is trained")
public record ModelSpec(
        @Doc(
                        "folder of a Hugging Face model (config.json, safetensors, tokenizer), or its id on a hub: owner/name, with hf:: or ms:: before it")
                String model,
        @Doc(
                        "family by ms-swift's name for it, which decides the chat template of a model without one; by the model's name and config.json when not given")
                String modelType,
        @Doc(
                        "type of matrix products, and of matrices that do not learn: float32, or bfloat16 with float32 masters of what learns; bfloat16 on a GPU and float32 on a CPU when not given")
                String torchDtype,
        @Doc("adapter folders, or ids on a hub, to start from; training continues the first") List<String> adapters,
        CreateModelSpec create,
        @Doc("branch, tag or commit of a model on a hub; its newest when not given") String modelRevision,
        QuantiseSpec quantise,
        NewTokensSpec newTokens) {
    public ModelSpec {
        adapters = orEmpty(adapters);
        quantise = quantise == null ? QuantiseSpec.none() : quantise;
        newTokens = newTokens == null ? NewTokensSpec.none() : newTokens;
        Problems problems = new Problems("model")
                .require(
                        (model == null) != (create == null),
                        "model",
                        model == null
                                ? "give the folder of a model, or model.create"
                                : "give either a folder or model.create, not both");
        problems.require(
                create == null || quantise.quantMethod() == null,
                "quant_method",
                "a model made from scratch is trained in full, which quantised weights cannot be");
        problems.require(
                create == null || newTokens.isEmpty(),
                "new_special_tokens",
                "a model made from scratch learns its own vocabulary");
        if (torchDtype != null) {
            problems.oneOf("torch_dtype", torchDtype, List.of("float32", "bfloat16", "float16"))
                    .require(
                            !torchDtype.equals("float16"),
                            "torch_dtype",
                            "float16 needs its losses scaled, which is not offered: use bfloat16");
        }
        problems.throwIfAny();
    }

    /** As the whole record; of a model on a hub the newest. */
    public ModelSpec(String model, String modelType, String torchDtype, List<String> adapters, CreateModelSpec create) {
        this(model, modelType, torchDtype, adapters, create, null, null, null);
    }

    /** The same with other folders for the same model and adapters. */
    public ModelSpec located(String model, List<String> adapters) {
        return new ModelSpec(model, modelType, torchDtype, adapters, create, modelRevision, quantise, newTokens);
    }

    /** The same with other tokens. */
    public ModelSpec withNewTokens(NewTokensSpec others) {
        return new ModelSpec(model, modelType, torchDtype, adapters, create, modelRevision, quantise, others);
    }
}
