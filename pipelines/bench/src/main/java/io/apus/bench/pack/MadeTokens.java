package io.apus.bench.pack;

import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import io.apus.schemas.data.TokenRow;
import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Tokenised samples, each from its number alone. Their lengths fall off exponentially, as those of conversations do.
 *
 * @param mean tokens of a sample on average
 * @param longest samples are cut there
 */
record MadeTokens(int mean, int longest) implements Serializable {
    private static final int VOCABULARY = 150_000;

    TokenRow row(long number) {
        SplittableRandom random = new SplittableRandom(number);
        int length = (int) Math.min(longest, 2 + Math.round(-(mean - 2) * Math.log(1 - random.nextDouble())));
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> random.nextInt(VOCABULARY));
        float[] weights = new float[length];
        Arrays.fill(weights, length / 2, length, 1);
        return TokenRow.single(new SampleKey("made", 0, number, 0), Splits.TRAIN, 0, ids, weights);
    }
}
