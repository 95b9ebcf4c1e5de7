package io.apus.model.head;

import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The losses of transformers' ForSequenceClassification classes by {@code problem_type}, and those of rerankers and reward models. */
public final class LabelObjectives {
    private LabelObjectives() {}

    /**
     * {@code single_label_classification}: cross-entropy, one term a row.
     *
     * @param labels [rows], each from 0 to width - 1
     */
    public static RowObjective singleLabel(long... labels) {
        return outputs -> {
            Tensor wanted = Device.of(outputs).longs(labels);
            Tensor picked = torch.log_softmax(outputs, 1).gather(1, wanted.unsqueeze(1));
            long correct =
                    outputs.argmax(new LongOptional(1), false).eq(wanted).sum().item_long();
            return new RowObjective.Loss(picked.sum().neg(), labels.length, correct, labels.length);
        };
    }

    /**
     * {@code multi_label_classification}: binary cross-entropy of each output's sigmoid, a term for each output. A row is right when all
     * its outputs are.
     *
     * @param labels [rows x width], 1 where the label holds and 0 where it does not, row after row
     */
    public static RowObjective multiLabel(float... labels) {
        return outputs -> {
            Tensor wanted = Device.of(outputs).floats(labels).view_as(outputs);
            Tensor terms = binaryTerms(outputs, wanted);
            long correct = outputs.gt(Torch.scalar(0))
                    .eq(wanted.gt(Torch.scalar(0.5)))
                    .all(1)
                    .sum()
                    .item_long();
            return new RowObjective.Loss(terms.sum(), labels.length, correct, outputs.size(0));
        };
    }

    /** max(x, 0) - x z + log(1 + exp(-|x|)), which no output makes overflow. */
    private static Tensor binaryTerms(Tensor x, Tensor z) {
        return torch.relu(x).sub(x.mul(z)).add(x.abs().neg().exp().log1p());
    }

    /**
     * {@code regression}: squared error, a term for each output.
     *
     * @param targets [rows x width], row after row
     */
    public static RowObjective regression(float... targets) {
        return outputs -> {
            Tensor wanted = Device.of(outputs).floats(targets).view_as(outputs);
            return new RowObjective.Loss(outputs.sub(wanted).square().sum(), targets.length, 0, 0);
        };
    }

    /**
     * A reranker's {@code listwise_reranker}: cross-entropy over the scores of each query's passages, of which the first is the right one;
     * a term for each query.
     *
     * @param groups passages of each query; they sum to the rows
     * @param temperature divides the scores
     */
    public static RowObjective listwise(double temperature, int... groups) {
        return outputs -> {
            Tensor sum = outputs.new_zeros(new long[0]);
            long correct = 0;
            long at = 0;
            for (int size : groups) {
                Tensor scores = outputs.narrow(0, at, size).view(1, size).div(Torch.scalar(temperature));
                RowObjective.Loss own = singleLabel(0).of(scores);
                sum = sum.add(own.sum());
                correct += own.correct();
                at += size;
            }
            return new RowObjective.Loss(sum, groups.length, correct, groups.length);
        };
    }

    /**
     * A reward model's loss: -log sigmoid(chosen - rejected - margin); rows are chosen and rejected by turns, a term for each pair.
     *
     * @param margins [pairs], 0 for none
     */
    public static RowObjective pairwise(float... margins) {
        return outputs -> {
            Tensor pairs = outputs.view(margins.length, 2);
            Tensor gap = pairs.select(1, 0).sub(pairs.select(1, 1));
            Tensor ahead = gap.sub(Device.of(outputs).floats(margins));
            // -log sigmoid(x) = log(1 + exp(-x)), the binary term of x where the label holds.
            Tensor terms = binaryTerms(ahead, torch.ones_like(ahead));
            long correct = gap.gt(Torch.scalar(0)).sum().item_long();
            return new RowObjective.Loss(terms.sum(), margins.length, correct, margins.length);
        };
    }
}
