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

    public static MethodSpec of(VeraSpec vera) {
        return new MethodSpec(vera, null, null, null, null);
    }

    public static MethodSpec of(FourierSpec fourier) {
        return new MethodSpec(null, fourier, null, null, null);
    }

    public static MethodSpec of(OrthogonalSpec orthogonal) {
        return new MethodSpec(null, null, orthogonal, null, null);
    }

    public static MethodSpec of(BlockSpec block) {
        return new MethodSpec(null, null, null, block, null);
    }

    public static MethodSpec of(PromptSpec prompt) {
        return new MethodSpec(null, null, null, null, prompt);
    }
}
