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
        double[] all = counted(sent.length);
        sum.accept(all);
        replace(all);
    }

    /** What was counted so far, and what it weighs: numbers for {@link #add} and {@link #replace}, 2 * {@code experts} + 2 of them. */
    double[] counted(int experts) {
        double[] all = Arrays.copyOf(sent, 2 * experts + 2);
        System.arraycopy(probability, 0, all, experts, probability.length);
        all[2 * experts] = rows;
        all[2 * experts + 1] = weight;
        return all;
    }

    /** Takes in what other layers' routers said of the same tokens. */
    void add(double[] others) {
        int experts = others.length / 2 - 1;
        double[] all = counted(experts);
        for (int i = 0; i < 2 * experts + 1; i++) {
            all[i] += others[i];
        }
        replace(all);
    }

    /** Puts what was counted elsewhere in the place of what was here. */
    void replace(double[] all) {
        int experts = all.length / 2 - 1;
        sent = Arrays.copyOf(all, experts);
        probability = Arrays.copyOfRange(all, experts, 2 * experts);
        rows = (long) all[2 * experts];
        weight = all[2 * experts + 1];
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
