package io.apus.model.layer;

import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Which rows of the vocabulary a model has; where those are not all, others have the rest, and what goes over all rows asks them. */
public interface VocabularyShare {
    /** Number of the first row that is here. */
    long first();

    /** Rows of the largest share, where {@code own} are here. */
    long largest(long own);

    /** Replaces {@code part} by its sum over all shares. */
    void sum(Tensor part);

    /** Replaces {@code part} by the largest over all shares. */
    void max(Tensor part);

    /** Numbers of tokens, [tokens], among {@code own} rows that are here. */
    default Tokens tokens(Tensor ids, long own) {
        Tensor places = ids.sub(Device.of(ids).longs(first()));
        Tensor elsewhere = places.lt(Torch.scalar(0)).logical_or(places.ge(new Scalar(own)));
        return new Tokens(places.masked_fill(elsewhere, Torch.scalar(0)), elsewhere);
    }

    /**
     * Tokens as a share knows them.
     *
     * @param rows of each token, the first one for tokens whose rows are elsewhere
     * @param elsewhereOrNull true for those; null where there are none
     */
    record Tokens(Tensor rows, Tensor elsewhereOrNull) {
        /** {@code values}, [tokens, width], in place, with zeros for tokens whose rows are elsewhere. */
        public Tensor own(Tensor values) {
            return elsewhereOrNull == null
                    ? values
                    : values.masked_fill_(elsewhereOrNull.unsqueeze(1), Torch.scalar(0));
        }
    }

    /** Every row is here. */
    static VocabularyShare all() {
        return new VocabularyShare() {
            @Override
            public long first() {
                return 0;
            }

            @Override
            public long largest(long own) {
                return own;
            }

            @Override
            public void sum(Tensor part) {}

            @Override
            public void max(Tensor part) {}

            @Override
            public Tokens tokens(Tensor ids, long own) {
                return new Tokens(ids, null);
            }
        };
    }
}
