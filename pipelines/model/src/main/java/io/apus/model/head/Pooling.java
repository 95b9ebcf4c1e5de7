package io.apus.model.head;

import static io.apus.schemas.Registry.entry;

import io.apus.model.layer.TokenBatch;
import io.apus.schemas.Registry;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Makes rows of the hidden states of samples: [tokens, hiddenSize] to [rows, hiddenSize], a linear map whose transpose takes gradients back. */
public interface Pooling {
    /** By the names of sentence-transformers' pooling modes. */
    Registry<Pooling> BY_NAME = Registry.of(
            "pooling",
            entry("lasttoken", last()),
            entry("mean_tokens", new MeanPooling()),
            entry("cls_token", new PickedTokens(batch -> starts(batch.segmentLengths()))));

    /** The rows, in the caller's scope. */
    Tensor pool(Tensor hidden, TokenBatch batch);

    /** d(loss)/d(hidden) [tokens, hiddenSize] of d(loss)/d(rows), in the caller's scope. */
    Tensor spread(Tensor rowGradient, TokenBatch batch);

    static Pooling of(String name) {
        return BY_NAME.get(name);
    }

    static Set<String> names() {
        return BY_NAME.names();
    }

    /** The last token of each sample. */
    static Pooling last() {
        return new PickedTokens(batch -> ends(batch.segmentLengths()));
    }

    /**
     * The last token of each sample that is not {@code padTokenId}, else its first: the choice of transformers'
     * ForSequenceClassification classes, which an end-of-text token that is also the padding falls under.
     */
    static Pooling lastExcept(int padTokenId) {
        return new PickedTokens(batch -> {
            long[] ids = Torch.toLongs(batch.inputIds());
            long[] starts = starts(batch.segmentLengths());
            long[] picked = ends(batch.segmentLengths());
            for (int i = 0; i < picked.length; i++) {
                while (picked[i] > starts[i] && ids[(int) picked[i]] == padTokenId) {
                    picked[i]--;
                }
            }
            return picked;
        });
    }

    /** Every token: one row each. */
    static Pooling every() {
        return new PickedTokens(
                batch -> IntStream.range(0, batch.tokens()).asLongStream().toArray());
    }

    private static long[] starts(int[] lengths) {
        long[] starts = new long[lengths.length];
        for (int i = 1; i < lengths.length; i++) {
            starts[i] = starts[i - 1] + lengths[i - 1];
        }
        return starts;
    }

    private static long[] ends(int[] lengths) {
        long[] ends = starts(lengths);
        Arrays.setAll(ends, i -> ends[i] + lengths[i] - 1);
        return ends;
    }
}
