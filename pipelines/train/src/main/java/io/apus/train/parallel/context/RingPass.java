package io.apus.train.parallel.context;

import io.apus.model.layer.AttentionRule;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import io.apus.train.parallel.context.RingRows.Sight;
import io.apus.train.parallel.context.RingRows.Tile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One attention round a ring: forward, and back with what forward has left. Scores are computed tile by tile, in float32 whatever the
 * type of the states, and not at all where no query of a tile sees a key.
 */
final class RingPass implements AutoCloseable {
    private final Collectives ring;
    private final RingRows rows;
    private final AttentionRule rule;
    private final List<Tile> tiles;
    private final long groups;
    private final long share;
    private final long own;
    private final long keyDim;
    private final long valueDim;
    /** [groups, own * share, keyDim]: the queries of a token that share keys lie together. */
    private Tensor queries;
    /** Own keys and values side by side, [own, groups, keyDim + valueDim]. */
    private Tensor slice;
    /** [groups, own * share, valueDim], float32. */
    private Tensor mixed;
    /** Logarithm of the sum of exponentials of each query's scores, [groups, own * share, 1], float32. */
    private Tensor logSums;

    RingPass(Collectives ring, RingRows rows, AttentionRule rule, Tensor[] heads) {
        this.ring = ring;
        this.rows = rows;
        this.rule = rule;
        this.tiles = rows.tiles(ring.rank());
        this.groups = heads[1].size(1);
        this.share = heads[0].size(1) / groups;
        this.own = heads[0].size(0);
        this.keyDim = heads[1].size(2);
        this.valueDim = heads[2].size(2);
        this.queries = grouped(heads[0].detach());
        this.slice = torch.cat(new TensorVector(heads[1].detach(), heads[2].detach()), 2);
    }

    private Tensor grouped(Tensor rowsOfHeads) {
        return rowsOfHeads.reshape(own, groups, share, -1).permute(1, 0, 2, 3).reshape(groups, own * share, -1);
    }

    private Tensor ungrouped(Tensor states) {
        return states.view(groups, own, share, -1).permute(1, 0, 2, 3);
    }

    /** Lets what the way back needs outlive the caller's scope, until {@link #close}. */
    void keep() {
        kept().forEach(Scope::own);
    }

    private Stream<Tensor> kept() {
        return Stream.of(queries, slice, mixed, logSums);
    }

    Tensor forward() {
        mixed = queries.new_zeros(groups, own * share, valueDim).to(torch.ScalarType.Float);
        logSums = mixed.new_full(new long[] {groups, own * share, 1}, Torch.scalar(Double.NEGATIVE_INFINITY));
        Tensor travelling = slice;
        for (int hop = 0; hop < ring.size(); hop++) {
            Arrival next = last(hop) ? null : pass(travelling, hop);
            for (Pair pair : pairs(hop)) {
                merge(pair, travelling);
            }
            travelling = last(hop) ? travelling : next.take();
        }
        return Torch.like(ungrouped(mixed).reshape(own, groups * share * valueDim), slice);
    }

    /** Queries, and the visiting keys that they see. */
    private record Pair(Tile queries, Tile keys, Sight sight) {}

    /** Each query sees itself: where the own keys are here, these go first, so that no sum of exponentials is ever empty. */
    private List<Pair> pairs(int hop) {
        List<Pair> themselves = new ArrayList<>();
        List<Pair> others = new ArrayList<>();
        List<Tile> visiting = rows.tiles(owner(hop));
        for (Tile query : tiles) {
            for (Tile key : visiting) {
                Sight sight = rows.sight(query.tokens(), key.tokens(), rule.window());
                if (sight != Sight.NONE) {
                    (query.equals(key) ? themselves : others).add(new Pair(query, key, sight));
                }
            }
        }
        themselves.addAll(others);
        return themselves;
    }

    private void merge(Pair pair, Tensor visiting) {
        try (Scope scope = Scope.open()) {
            Tensor scores = scores(pair, visiting);
            Tensor before = of(pair.queries(), logSums);
            Tensor total = before.logaddexp(scores.logsumexp(new long[] {2}, true));
            Tensor weights = Torch.like(scores.sub_(total).exp_(), visiting);
            of(pair.queries(), mixed)
                    .mul_(before.sub(total).exp_())
                    .add_(weights.matmul(values(pair.keys(), visiting)));
            before.copy_(total);
        }
    }

    /** Those of {@code states}, [groups, own * share, ...], that belong to a tile. */
    private Tensor of(Tile tile, Tensor states) {
        return states.narrow(1, tile.row() * share, tile.count() * share);
    }

    /** [groups, queries * share, keys], float32. */
    private Tensor scores(Pair pair, Tensor visiting) {
        Tensor scores = of(pair.queries(), queries)
                .matmul(keys(pair.keys(), visiting).transpose(1, 2))
                .to(torch.ScalarType.Float)
                .mul_(Torch.scalar(rule.scale()));
        if (pair.sight() == Sight.SOME) {
            Tensor hidden = rows.hidden(pair.queries().tokens(), pair.keys().tokens(), rule.window());
            scores.view(groups, pair.queries().count(), share, -1)
                    .masked_fill_(
                            Device.of(visiting).take(hidden).unsqueeze(1), Torch.scalar(Double.NEGATIVE_INFINITY));
        }
        return scores;
    }

    private Tensor keys(Tile tile, Tensor visiting) {
        return visiting.narrow(2, 0, keyDim).narrow(0, tile.row(), tile.count()).transpose(0, 1);
    }

    private Tensor values(Tile tile, Tensor visiting) {
        return visiting.narrow(2, keyDim, valueDim)
                .narrow(0, tile.row(), tile.count())
                .transpose(0, 1);
    }

    /** Gradients of query, key and value from that of the result, [own, heads * valueDim]. */
    List<Tensor> backward(Tensor gradient) {
        Tensor above = grouped(gradient.reshape(own, groups * share, valueDim));
        Tensor along = mixed.mul(above).sum(new long[] {2}, true, new ScalarTypeOptional());
        Tensor ofQueries = torch.zeros_like(queries).to(torch.ScalarType.Float);
        Tensor travelling = slice;
        Tensor behind = torch.zeros_like(slice);
        for (int hop = 0; hop < ring.size(); hop++) {
            Arrival next = last(hop) ? null : pass(travelling, hop);
            // Many tiles add to one key: they are added up in float32 before what travels is rounded.
            Tensor sums = behind.to(torch.ScalarType.Float);
            for (Pair pair : pairs(hop)) {
                addGradients(pair, travelling, above, along, ofQueries, sums);
            }
            Arrival gradients = pass(Torch.like(sums, slice), hop);
            travelling = last(hop) ? travelling : next.take();
            behind = gradients.take();
        }
        return List.of(
                Torch.like(ungrouped(ofQueries).reshape(own, groups * share, keyDim), slice),
                behind.narrow(2, 0, keyDim),
                behind.narrow(2, keyDim, valueDim));
    }

    private void addGradients(
            Pair pair, Tensor visiting, Tensor above, Tensor along, Tensor ofQueries, Tensor ofVisiting) {
        try (Scope scope = Scope.open()) {
            Tensor weights =
                    scores(pair, visiting).sub_(of(pair.queries(), logSums)).exp_();
            Tensor ownAbove = of(pair.queries(), above);
            Tensor ofWeights = ownAbove.matmul(values(pair.keys(), visiting).transpose(1, 2))
                    .to(torch.ScalarType.Float);
            Tensor ofScores = Torch.like(
                    ofWeights.sub_(of(pair.queries(), along)).mul_(weights).mul_(Torch.scalar(rule.scale())), visiting);
            of(pair.queries(), ofQueries).add_(ofScores.matmul(keys(pair.keys(), visiting)));
            keys(pair.keys(), ofVisiting).add_(ofScores.transpose(1, 2).matmul(of(pair.queries(), queries)));
            values(pair.keys(), ofVisiting)
                    .add_(Torch.like(weights, visiting).transpose(1, 2).matmul(ownAbove));
        }
    }

    private boolean last(int hop) {
        return hop == ring.size() - 1;
    }

    /** Whose keys are here after {@code hop} hops. */
    private int owner(int hop) {
        return Math.floorMod(ring.rank() - hop, ring.size());
    }

    /** A slice under way to the next rank, and another one from the rank before. */
    private record Arrival(Pending sent, Pending received, Tensor tensor) {
        Tensor take() {
            received.await();
            sent.await();
            return tensor;
        }
    }

    private Arrival pass(Tensor travelling, int hop) {
        long[] shape = {rows.of(owner(hop + 1)).count(), groups, keyDim + valueDim};
        Tensor next = travelling.new_empty(shape);
        Pending sent = ring.send(travelling, (ring.rank() + 1) % ring.size());
        return new Arrival(sent, ring.receive(next, Math.floorMod(ring.rank() - 1, ring.size())), next);
    }

    @Override
    public void close() {
        kept().forEach(Scope::release);
    }
}
