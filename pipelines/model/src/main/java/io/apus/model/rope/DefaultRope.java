package io.apus.model.rope;

/** Rotary positions as they were first defined (Su et al., 2021): pair i turns by theta^(-2i/dim) a position. */
final class DefaultRope {
    private DefaultRope() {}

    static Rotation rotation(RopeParameters parameters) {
        return new Rotation(inverseFrequencies(parameters), 1);
    }

    static double[] inverseFrequencies(RopeParameters parameters) {
        double[] result = new double[parameters.dim() / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.pow(parameters.theta(), -2.0 * i / parameters.dim());
        }
        return result;
    }
}
