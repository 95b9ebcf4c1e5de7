package io.apus.model.head;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The pairs that are hard to tell, 1 for each that is.
 *
 * @param together [pairs] those that belong together and lie far apart
 * @param apart [pairs] those that do not and lie close
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record HardPairs(float[] together, float[] apart) {
    /** As sentence-transformers' OnlineContrastiveLoss chooses them. */
    static HardPairs of(float[] distances, float[] labels) {
        double[] positives = side(distances, labels, 1);
        double[] negatives = side(distances, labels, 0);
        double closest =
                bound(negatives, positives, DoubleStream.of(negatives).min().orElse(Double.NaN));
        double furthest =
                bound(positives, negatives, DoubleStream.of(positives).max().orElse(Double.NaN));
        return new HardPairs(
                picked(distances, labels, 1, distance -> distance - closest),
                picked(distances, labels, 0, distance -> furthest - distance));
    }

    private static double[] side(float[] distances, float[] labels, int label) {
        return IntStream.range(0, labels.length)
                .filter(i -> labels[i] == label)
                .mapToDouble(i -> distances[i])
                .toArray();
    }

    /** The extreme of the other side, or the mean of the own where the other has at most one pair. */
    private static double bound(double[] other, double[] own, double extreme) {
        return other.length > 1 ? extreme : DoubleStream.of(own).average().orElse(Double.NaN);
    }

    private static float[] picked(float[] distances, float[] labels, int label, DoubleUnaryOperator hardness) {
        float[] picked = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            picked[i] = labels[i] == label && hardness.applyAsDouble(distances[i]) > 0 ? 1 : 0;
        }
        return picked;
    }
}
