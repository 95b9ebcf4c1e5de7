package io.apus.model.training;

import io.apus.model.layer.RouterScores;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The load-balancing loss of one pass (Fedus et al., 2021, as transformers' {@code load_balancing_loss_func} has it): experts * sum over
 * experts of (share of tokens sent there * mean probability), both over the tokens of all layers together.
 *
 * <p>The shares have no gradient. Once the way forward has counted them over all layers, the loss is a sum over layers, each of which
 * adds its own part on the way back.
 */
final class RouterBalance {
    private double[] sent = {};
    private double[] probability = {};
    private long rows;
    private double weight;

    /** Takes in what a layer's router said on the way forward. */
    void count(RouterScores scores) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor probabilities = scores.probabilities().detach();
            int experts = Math.toIntExact(probabilities.size(1));
            if (rows == 0) {
                sent = new double[experts];
                probability = new double[experts];
            } else if (experts != sent.length) {
                throw new IllegalStateException("layers of " + sent.length + " and of " + experts + " experts");
            }
            Tensor chosen = new Tensor(
                    probabilities.topk(scores.chosen(), 1, true, false).get1());
            long[] counts = Torch.toLongs(chosen.reshape(-1).bincount(new TensorOptional(), experts));
            double[] sums = Torch.toDoubles(
                    probabilities.sum(new long[] {0}, false, new ScalarTypeOptional(torch.ScalarType.Double)));
            for (int i = 0; i < experts; i++) {
                sent[i] += counts[i];
                probability[i] += sums[i];
            }
            rows += probabilities.size(0);
        }
    }

    /** Adds up what others have counted of other tokens; {@code sum} does it in place. */
    void complete(Consumer<double[]> sum) {
        double[] all = Arrays.copyOf(sent, 2 * sent.length + 1);
        System.arraycopy(probability, 0, all, sent.length, sent.length);
        all[2 * sent.length] = rows;
        sum.accept(all);
        System.arraycopy(all, 0, sent, 0, sent.length);
        System.arraycopy(all, sent.length, probability, 0, sent.length);
        rows = (long) all[2 * sent.length];
    }

    /** The loss over all that was counted; 1 times the experts of a token where the load is even. */
    double loss() {
        double sum = 0;
        for (int i = 0; i < sent.length; i++) {
            sum += sent[i] / rows * (probability[i] / rows);
        }
        return sum * sent.length;
    }

    /** From now on terms are {@code factor} times the loss. */
    void weigh(double factor) {
        weight = factor;
    }

    /** One layer's part of the weighted loss, a number with a gradient graph. */
    Tensor term(Tensor probabilities) {
        float[] factors = new float[sent.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (weight * sent.length * sent[i] / rows / rows);
        }
        return probabilities.matmul(Device.of(probabilities).floats(factors)).sum();
    }
}
