package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of the tuners beside the low-rank ones, a group for each. */
@Group
public record MethodSpec(
        VeraSpec vera, FourierSpec fourier, OrthogonalSpec orthogonal, BlockSpec block, PromptSpec prompt) {
    public MethodSpec {
        vera = orElse(vera, VeraSpec.defaults());
        fourier = orElse(fourier, FourierSpec.defaults());
        orthogonal = orElse(orthogonal, OrthogonalSpec.defaults());
        block = orElse(block, BlockSpec.defaults());
        prompt = orElse(prompt, PromptSpec.defaults());
    }

    static MethodSpec defaults() {
        return new MethodSpec(null, null, null, null, null);
    }
}
