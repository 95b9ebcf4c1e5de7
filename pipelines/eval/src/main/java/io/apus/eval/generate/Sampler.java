package io.apus.eval.generate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Chooses the next token of one text from its logits: repetition penalty, temperature, top-k, top-p, then a draw, in the order in which
 * transformers applies them.
 */
final class Sampler {
    private final GenerationSettings settings;
    private final SplittableRandom random;
    private final BitSet seen = new BitSet();

    Sampler(GenerationSettings settings, int[] promptIds) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        for (int id : promptIds) {
            seen.set(id);
        }
    }

    GenerationSettings settings() {
        return settings;
    }

    /** Tells that {@code id} is now part of the text. */
    void accept(int id) {
        seen.set(id);
    }

    /** The next token; {@code logits} (one per vocabulary entry) is overwritten. */
    int next(float[] logits) {
        penalise(logits);
        if (settings.temperature() == 0) {
            return argmax(logits);
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (logits[i] / settings.temperature());
        }
        boolean everything = settings.topK() == 0 && settings.topP() == 1;
        int[] candidates = everything ? identity(logits.length) : byLogit(logits);
        int count = settings.topK() == 0 ? candidates.length : Math.min(settings.topK(), candidates.length);
        double[] weights = softmax(logits, candidates, count);
        return candidates[draw(weights, nucleus(weights))];
    }

    private void penalise(float[] logits) {
        double penalty = settings.repetitionPenalty();
        if (penalty == 1) {
            return;
        }
        for (int id = seen.nextSetBit(0); id >= 0 && id < logits.length; id = seen.nextSetBit(id + 1)) {
            logits[id] = (float) (logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty);
        }
    }

    static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int[] identity(int count) {
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /** Ids by falling logit, the smaller id first where two are equal. */
    private static int[] byLogit(float[] logits) {
        long[] keys = new long[logits.length];
        for (int i = 0; i < keys.length; i++) {
            int bits = Float.floatToIntBits(logits[i]);
            int ascending = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
            keys[i] = ((long) ~ascending << 32) | i;
        }
        Arrays.sort(keys);
        int[] ids = new int[keys.length];
        Arrays.setAll(ids, i -> (int) keys[i]);
        return ids;
    }

    private static double[] softmax(float[] logits, int[] candidates, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[candidates[i]]);
        }
        double[] weights = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Math.exp(logits[candidates[i]] - max);
            sum += weights[i];
        }
        for (int i = 0; i < count; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** How many of the falling probabilities it takes to reach top_p. */
    private int nucleus(double[] weights) {
        if (settings.topP() == 1) {
            return weights.length;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            if (sum >= settings.topP()) {
                return i + 1;
            }
        }
        return weights.length;
    }

    private int draw(double[] weights, int count) {
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        double point = random.nextDouble() * total;
        for (int i = 0; i < count; i++) {
            point -= weights[i];
            if (point < 0) {
                return i;
            }
        }
        return count - 1;
    }
}
