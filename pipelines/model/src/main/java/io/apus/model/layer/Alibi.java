package io.apus.model.layer;

/** Attention with linear biases (Press et al., 2021). */
public final class Alibi {
    private Alibi() {}

    /** Each head's slope: 2^(-8/n), 2^(-16/n) ...; heads beyond a power of two get every other slope of the next power's. */
    public static float[] slopes(int heads) {
        float[] slopes = new float[heads];
        int power = Integer.highestOneBit(heads);
        for (int i = 0; i < heads; i++) {
            double exponent = i < power ? -8.0 * (i + 1) / power : -4.0 * (2 * (i - power) + 1) / power;
            slopes[i] = (float) Math.pow(2, exponent);
        }
        return slopes;
    }
}
