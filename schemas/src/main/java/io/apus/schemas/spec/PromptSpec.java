package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of prompt and prefix tuning. */
@Group
public record PromptSpec(
        @Doc("trained positions in front of each sample in prompt and prefix tuning") Integer numVirtualTokens) {
    public PromptSpec {
        numVirtualTokens = orElse(numVirtualTokens, 20);
        new Problems("tuner").positive("num_virtual_tokens", numVirtualTokens).throwIfAny();
    }

    static PromptSpec defaults() {
        return new PromptSpec(null);
    }
}
