package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.FusedHeads;
import io.apus.model.layer.FusedKeyValue;
import io.apus.model.layer.GatedAttention;
import io.apus.model.layer.QueryKeyValue;
import io.apus.model.layer.SeparateHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * Which heads of an attention are one rank's: equal runs of queries, and the keys and values that these look at. Where there are fewer of
 * those than ranks, several ranks hold the same one.
 *
 * @param heads of queries, in all
 * @param keyValueHeads in all
 * @param ranks that share them
 */
record HeadCut(int heads, int keyValueHeads, int ranks, int rank) {
    static HeadCut of(QueryKeyValue all, int ranks, int rank) {
        return new HeadCut(queryHeads(all), all.keyValueHeads(), ranks, rank);
    }

    static HeadCut of(GatedAttention all, int ranks, int rank) {
        long rows = all.query().get().outFeatures();
        return new HeadCut(Math.toIntExact(rows / (2L * all.headDim())), all.keyValueHeads(), ranks, rank);
    }

    private static int queryHeads(QueryKeyValue all) {
        if (all instanceof FusedHeads fused) {
            return fused.heads();
        }
        long rows = all instanceof SeparateHeads separate
                ? separate.query().get().outFeatures()
                : ((FusedKeyValue) all).query().get().outFeatures();
        return Math.toIntExact(rows / all.headDim());
    }

    /** Why it cannot be. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (heads % ranks != 0) {
            problems.add(heads + " query heads cannot be shared by " + ranks + " ranks");
        }
        if (keyValueHeads % ranks != 0 && ranks % keyValueHeads != 0) {
            problems.add(keyValueHeads + " key-value heads cannot be shared by " + ranks + " ranks");
        }
        return problems;
    }

    boolean replicated() {
        return keyValueHeads < ranks;
    }

    int ownHeads() {
        return heads / ranks;
    }

    int ownKeyValueHeads() {
        return replicated() ? 1 : keyValueHeads / ranks;
    }

    /** @param width rows of a head */
    Cut queries(long width) {
        return Cut.equal(heads * width, ranks, rank);
    }

    /** @param width rows of a key-value head */
    Cut keyValues(long width) {
        return replicated()
                ? Cut.equal(keyValueHeads * width, keyValueHeads, rank / (ranks / keyValueHeads))
                : Cut.equal(keyValueHeads * width, ranks, rank);
    }

    /** The rows of one matrix for all three, those of queries first where keys and values are one head's. */
    Cut fused(FusedHeads all) {
        long dim = all.headDim();
        long rows = (heads + 2L * keyValueHeads) * dim;
        Cut.Span queries = queries(dim).spans().get(0);
        Cut.Span keys = keyValues(dim).spans().get(0);
        if (!all.grouped()) {
            return new Cut(
                    rows, List.of(queries, after(keys, heads * dim), after(keys, (heads + keyValueHeads) * dim)));
        }
        if (!replicated()) {
            return Cut.equal(rows, ranks, rank);
        }
        long group = keys.from() / dim;
        long last = (group + 1) * (heads / keyValueHeads + 2) * dim;
        return new Cut(rows, List.of(after(queries, 2 * group * dim), new Cut.Span(last - 2 * dim, last)));
    }

    private static Cut.Span after(Cut.Span span, long rows) {
        return new Cut.Span(rows + span.from(), rows + span.to());
    }
}
