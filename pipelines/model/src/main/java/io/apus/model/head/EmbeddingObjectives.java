package io.apus.model.head;

import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Losses of embeddings, by ms-swift's names; rows have length one, so that a product of two is their cosine. */
public final class EmbeddingObjectives {
    private EmbeddingObjectives() {}

    /**
     * {@code cosine_similarity}: squared error of the cosine of each pair; rows are the pairs' two by turns, a term for each pair.
     *
     * @param wanted [pairs] cosines
     */
    public static RowObjective cosineSimilarity(float... wanted) {
        return outputs -> {
            Tensor error =
                    cosines(outputs, wanted.length).sub(Device.of(outputs).floats(wanted));
            return new RowObjective.Loss(error.square().sum(), wanted.length, 0, 0);
        };
    }

    /**
     * {@code contrastive}: half the squared cosine distance of pairs that belong together (1), and half the squared shortfall of the margin
     * of those that do not (0); a term for each pair.
     *
     * @param labels [pairs]
     */
    public static RowObjective contrastive(double margin, float... labels) {
        return outputs -> {
            Tensor together = Device.of(outputs).floats(labels);
            Tensor distance = cosines(outputs, labels.length).neg().add(Torch.scalar(1));
            Tensor shortfall = torch.relu(distance.neg().add(Torch.scalar(margin)));
            Tensor apart = together.neg().add(Torch.scalar(1));
            Tensor terms =
                    distance.square().mul(together).add(shortfall.square().mul(apart));
            return new RowObjective.Loss(terms.sum().mul(Torch.scalar(0.5)), labels.length, 0, 0);
        };
    }

    /**
     * {@code online_contrastive} (sentence-transformers): squared distances of the pairs that belong together and lie further apart than the
     * closest pair that does not, and squared shortfalls of the margin of those that do not and lie closer than the furthest pair that
     * does; summed, one term. Where a side has one pair only, the other side is measured against its own mean.
     *
     * @param labels [pairs], 1 for pairs that belong together and 0 for the others
     */
    public static RowObjective onlineContrastive(double margin, float... labels) {
        return outputs -> {
            Tensor distance = cosines(outputs, labels.length).neg().add(Torch.scalar(1));
            HardPairs hard = HardPairs.of(Torch.toFloats(distance.detach()), labels);
            Tensor shortfall = torch.relu(distance.neg().add(Torch.scalar(margin)));
            Tensor terms = distance.square()
                    .mul(Device.of(outputs).floats(hard.together()))
                    .add(shortfall.square().mul(Device.of(outputs).floats(hard.apart())));
            return new RowObjective.Loss(terms.sum(), 1, 0, 0);
        };
    }

    private static Tensor cosines(Tensor outputs, int pairs) {
        Tensor both = outputs.view(pairs, 2, outputs.size(1));
        return both.select(1, 0).mul(both.select(1, 1)).sum(1);
    }

    /**
     * {@code infonce} (van den Oord and others, 2018): cross-entropy of each query's positive among candidates, by cosine / temperature; a
     * term for each query.
     *
     * @param inBatch whether the positives and negatives of the other queries are candidates too
     * @param groups rows of each query: the query, its positive, then its negatives
     */
    public static RowObjective infoNce(double temperature, boolean inBatch, int... groups) {
        if (Arrays.stream(groups).anyMatch(size -> size < 2)) {
            throw new IllegalArgumentException("a query and its positive are two rows: " + Arrays.toString(groups));
        }
        return outputs -> {
            Tensor sum = outputs.new_zeros(new long[0]);
            long correct = 0;
            Tensor all = inBatch ? outputs.index_select(0, Device.of(outputs).longs(candidates(groups))) : null;
            int at = 0;
            for (int query = 0; query < groups.length; query++) {
                Tensor own = inBatch ? all : outputs.narrow(0, at + 1, groups[query] - 1);
                Tensor logits = torch.mm(outputs.narrow(0, at, 1), own.t()).div(Torch.scalar(temperature));
                // Before a query's positive stand the candidates of the queries before it: their rows without the
                // queries themselves.
                RowObjective.Loss term =
                        LabelObjectives.singleLabel(inBatch ? at - query : 0).of(logits);
                sum = sum.add(term.sum());
                correct += term.correct();
                at += groups[query];
            }
            return new RowObjective.Loss(sum, groups.length, correct, groups.length);
        };
    }

    /** The rows that are no queries. */
    private static long[] candidates(int[] groups) {
        long[] rows = new long[Arrays.stream(groups).sum() - groups.length];
        int filled = 0;
        long at = 0;
        for (int size : groups) {
            for (int i = 1; i < size; i++) {
                rows[filled++] = at + i;
            }
            at += size;
        }
        return rows;
    }
}
