package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.VocabularyShare;
import org.bytedeco.pytorch.Tensor;

/** The rows of one rank of a group; the numbers of two ranks' rows differ by one at most. */
record SharedVocabulary(long tokens, TensorGroup group) implements VocabularyShare {
    Cut own() {
        return Cut.span(tokens, start(group.rank()), start(group.rank() + 1));
    }

    private long start(int rank) {
        return tokens * rank / group.size();
    }

    @Override
    public long first() {
        return start(group.rank());
    }

    @Override
    public long largest(long own) {
        return (tokens + group.size() - 1) / group.size();
    }

    @Override
    public void sum(Tensor part) {
        group.ranks().allReduceSum(part).await();
    }

    @Override
    public void max(Tensor part) {
        group.ranks().allReduceMax(part).await();
    }
}
