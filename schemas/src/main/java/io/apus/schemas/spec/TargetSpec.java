package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Which modules an adapter changes or trains; the same for every method. */
@Group
public record TargetSpec(
        @Doc("linears by name suffix, or all-linear") List<String> targetModules,
        @Doc("a regular expression over whole linear names; wins over target_modules") String targetRegex,
        @Doc(
                        "modules trained and saved in full beside the adapter, e.g. lm_head, embed_tokens, all-embedding, all-norm")
                List<String> modulesToSave) {
    public TargetSpec {
        targetModules =
                targetModules == null || targetModules.isEmpty() ? List.of("all-linear") : List.copyOf(targetModules);
        modulesToSave = orEmpty(modulesToSave);
    }

    static TargetSpec defaults() {
        return new TargetSpec(null, null, null);
    }
}
