package io.apus.model.tuner.vera;

import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.InitialValues;
import io.apus.tensor.Scope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The frozen matrices of one VeRA adapter; each layer uses the part of them that fits it.
 *
 * @param down A [rank, largest inFeatures]
 * @param up B [largest outFeatures, rank]
 */
record VeraMatrices(Parameter down, Parameter up) {
    static final String DOWN = "vera_A";
    static final String UP = "vera_B";

    /** Drawn from {@code key} alone, the very numbers that PEFT draws: so adapters saved without their matrices can be loaded. */
    static VeraMatrices random(long key, int rank, long outFeatures, long inFeatures) {
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(key));
            return new VeraMatrices(
                    InitialValues.uniform(DOWN, generator, bound(inFeatures), rank, inFeatures),
                    InitialValues.uniform(UP, generator, bound(rank), outFeatures, rank));
        }
    }

    /** He's uniform initialisation for rectifiers. */
    private static double bound(long fanIn) {
        return Math.sqrt(3.0) * (Math.sqrt(2.0) / Math.sqrt((double) fanIn));
    }

    static boolean contain(Parameter parameter) {
        return parameter.name().equals(DOWN) || parameter.name().equals(UP);
    }

    int rank() {
        return Math.toIntExact(up.shape()[1]);
    }
}
