package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Which modules an adapter changes or trains; the same for every method. */
@Group
public record TargetSpec(
        @Doc("linears by name suffix, all-linear; for lora also the token embedding by its name or all-embedding")
                List<String> targetModules,
        @Doc("a regular expression over whole linear names; wins over target_modules") String targetRegex,
        @Doc(
                        "for lora: weights that hold all experts of a layer, by the ends of their names, e.g. mlp.experts.down_proj; target_modules [] leaves linears out")
                List<String> targetParameters,
        @Doc(
                        "modules trained and saved in full beside the adapter, e.g. lm_head, embed_tokens, all-embedding, all-norm")
                List<String> modulesToSave) {
    public TargetSpec {
        targetParameters = orEmpty(targetParameters);
        boolean all = targetModules == null || (targetModules.isEmpty() && targetParameters.isEmpty());
        targetModules = all ? List.of("all-linear") : List.copyOf(targetModules);
        modulesToSave = orEmpty(modulesToSave);
    }

    static TargetSpec defaults() {
        return new TargetSpec(null, null, null, null);
    }
}
