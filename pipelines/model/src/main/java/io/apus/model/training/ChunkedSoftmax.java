package io.apus.model.training;

import io.apus.model.layer.OutputHead;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The logits of some rows at a time, turned in place into what the caller needs: tokens times vocabulary never exists at once.
 *
 * <p>A chunk's steps go in order: {@link #load}, {@link #logProbabilities}, and for gradients {@link #gradient}.
 */
final class ChunkedSoftmax {
    private static final long TARGET_ELEMENTS = 40_000_000;
    private static final long MIN_ROWS = 128;
    private static final long MAX_ROWS = 512;

    private final OutputHead head;
    private final Tensor matrix;
    private final Tensor transposed;
    private final Tensor buffer;
    private Tensor logits;
    private Tensor labels;
    private Tensor labelLogits;
    private Tensor sums;
    private Tensor slope;

    /** {@code rows} is how many there are in all. */
    ChunkedSoftmax(OutputHead head, long rows) {
        this.matrix = head.matrix();
        long vocabulary = matrix.size(0);
        this.head = head;
        long wanted = Math.max(MIN_ROWS, Math.min(MAX_ROWS, TARGET_ELEMENTS / vocabulary / 64 * 64));
        this.transposed = matrix.t();
        this.buffer = Torch.emptyFloats(Math.min(wanted, Math.max(rows, 1)), vocabulary);
    }

    long chunkRows() {
        return buffer.size(0);
    }

    /** {@link OutputHead#matrix}. */
    Tensor matrix() {
        return matrix;
    }

    /** Computes the logits of a chunk and takes the largest of each row off; gives [rows] whether the label's is the largest. */
    Tensor load(Tensor hiddenRows, Tensor labelIds) {
        logits = buffer.narrow(0, 0, hiddenRows.size(0));
        labels = labelIds.unsqueeze(1);
        torch.mm_out(logits, hiddenRows, transposed);
        slope = head.shape(logits);
        logits.sub_(logits.amax(new long[] {1}, true));
        labelLogits = logits.gather(1, labels);
        return labelLogits.ge(Torch.scalar(0)).squeeze(1);
    }

    /** Turns the logits into unnormalised probabilities; gives log p(label), [rows, 1]. */
    Tensor logProbabilities() {
        logits.exp_();
        sums = logits.sum(new long[] {1}, true, new ScalarTypeOptional());
        return labelLogits.sub(sums.log());
    }

    /** Turns the probabilities into d(sum of -factor * log p(label))/d(hidden W^T), [rows, vocabSize]; {@code factors} is [rows, 1]. */
    Tensor gradient(Tensor factors) {
        try (Scope scope = Scope.open()) {
            logits.mul_(factors.div(sums));
            logits.scatter_add_(1, labels, factors.neg());
            if (slope != null) {
                logits.mul_(slope);
            }
        }
        return logits;
    }
}
