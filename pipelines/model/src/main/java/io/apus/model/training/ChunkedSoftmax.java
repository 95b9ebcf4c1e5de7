package io.apus.model.training;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.VocabularyShare;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Kernels;
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
    /** A GPU needs larger products to be busy. */
    private static final long TARGET_ELEMENTS_CUDA = 160_000_000;

    private static final long MAX_ROWS_CUDA = 4096;

    private final OutputHead head;
    private final Tensor matrix;
    private final Tensor transposed;
    private final Tensor buffer;
    private final long rows;
    private Tensor logits;
    private VocabularyShare.Tokens labels;
    private Tensor labelLogits;
    private Tensor sums;
    private Tensor slope;

    /** For the rows {@code hidden}, of which there are {@code count} in all. */
    ChunkedSoftmax(OutputHead head, Tensor hidden, long count) {
        this.matrix = Torch.like(head.matrix(), hidden);
        long vocabulary = matrix.size(0);
        this.head = head;
        boolean cuda = Device.of(hidden).isCuda();
        // Those with other rows of the vocabulary take the same chunks.
        long widest = head.share().largest(vocabulary);
        long target = (cuda ? TARGET_ELEMENTS_CUDA : TARGET_ELEMENTS) / widest / 64 * 64;
        long wanted = Math.max(MIN_ROWS, Math.min(cuda ? MAX_ROWS_CUDA : MAX_ROWS, target));
        this.rows = Math.min(wanted, Math.max(count, 1));
        this.transposed = matrix.t();
        // Products of a narrower type come in a tensor of their own.
        this.buffer = DType.of(hidden) == DType.F32 ? Device.of(hidden).empty(DType.F32, rows, vocabulary) : null;
    }

    long chunkRows() {
        return rows;
    }

    /** {@link OutputHead#matrix}, in the type of the rows. */
    Tensor matrix() {
        return matrix;
    }

    /** Computes the logits of a chunk and takes the largest of each row off; gives [rows] whether the label's is the largest. */
    Tensor load(Tensor hiddenRows, Tensor labelIds) {
        labels = head.share().tokens(labelIds, matrix.size(0));
        if (buffer == null) {
            logits = Kernels.product(hiddenRows, transposed);
        } else {
            logits = buffer.narrow(0, 0, hiddenRows.size(0));
            torch.mm_out(logits, hiddenRows, transposed);
        }
        slope = head.shape(logits);
        Tensor largest = logits.amax(new long[] {1}, true);
        head.share().max(largest);
        logits.sub_(largest);
        labelLogits = labels.own(logits.gather(1, labels.rows().unsqueeze(1)));
        head.share().sum(labelLogits);
        return labelLogits.ge(Torch.scalar(0)).squeeze(1);
    }

    /** Turns the logits into unnormalised probabilities; gives log p(label), [rows, 1]. */
    Tensor logProbabilities() {
        logits.exp_();
        sums = logits.sum(new long[] {1}, true, new ScalarTypeOptional());
        head.share().sum(sums);
        return labelLogits.sub(sums.log());
    }

    /** Turns the probabilities into d(sum of -factor * log p(label))/d(hidden W^T), [rows, rows of W]; {@code factors} is [rows, 1]. */
    Tensor gradient(Tensor factors) {
        try (Scope scope = Scope.open()) {
            logits.mul_(factors.div(sums));
            logits.scatter_add_(1, labels.rows().unsqueeze(1), labels.own(factors.neg()));
            if (slope != null) {
                logits.mul_(slope);
            }
        }
        return logits;
    }
}
