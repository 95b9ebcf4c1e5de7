package io.apus.train.parallel.context;

import io.apus.model.layer.AttentionRule;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** One attention round a ring: forward, and back with what forward has left. */
final class RingPass implements AutoCloseable {
    private final Collectives ring;
    private final RingRows rows;
    private final AttentionRule rule;
    private final long groups;
    private final long share;
    private final long own;
    private final long keyDim;
    private final long valueDim;
    /** [groups, share * own, keyDim]: the queries that share keys lie together. */
    private Tensor queries;
    /** Own keys and values side by side, [own, groups, keyDim + valueDim]. */
    private Tensor slice;
    /** [groups, share * own, valueDim]. */
    private Tensor mixed;
    /** Logarithm of the sum of exponentials of each query's scores, [groups, share * own, 1]. */
    private Tensor logSums;

    RingPass(Collectives ring, RingRows rows, AttentionRule rule, Tensor[] heads) {
        this.ring = ring;
        this.rows = rows;
        this.rule = rule;
        this.groups = heads[1].size(1);
        this.share = heads[0].size(1) / groups;
        this.own = heads[0].size(0);
        this.keyDim = heads[1].size(2);
        this.valueDim = heads[2].size(2);
        this.queries = grouped(heads[0].detach());
        this.slice = torch.cat(new TensorVector(heads[1].detach(), heads[2].detach()), 2);
    }

    private Tensor grouped(Tensor rowsOfHeads) {
        return rowsOfHeads.reshape(own, groups, share, -1).permute(1, 2, 0, 3).reshape(groups, share * own, -1);
    }

    private Tensor ungrouped(Tensor states) {
        return states.view(groups, share, own, -1).permute(2, 0, 1, 3);
    }

    /** Lets what the way back needs outlive the caller's scope, until {@link #close}. */
    void keep() {
        kept().forEach(Scope::own);
    }

    private Stream<Tensor> kept() {
        return Stream.of(queries, slice, mixed, logSums);
    }

    Tensor forward() {
        Tensor travelling = slice;
        for (int hop = 0; hop < ring.size(); hop++) {
            Arrival next = last(hop) ? null : pass(travelling, hop);
            if (rows.seen(ring.rank(), owner(hop))) {
                merge(travelling, owner(hop));
            }
            travelling = last(hop) ? travelling : next.take();
        }
        return ungrouped(mixed).reshape(own, groups * share * valueDim);
    }

    /** Every query sees itself, so that after the own slice, which is the first, no sum is empty. */
    private void merge(Tensor visiting, int owner) {
        Tensor scores = scores(visiting, owner);
        Tensor added = scores.logsumexp(new long[] {2}, true);
        Tensor total = logSums == null ? added : logSums.logaddexp(added);
        Tensor found = scores.sub(total).exp_().matmul(values(visiting));
        mixed = logSums == null ? found : mixed.mul(logSums.sub(total).exp()).add(found);
        logSums = total;
    }

    private Tensor scores(Tensor visiting, int owner) {
        Tensor seen = Device.of(visiting).take(rows.mask(ring.rank(), owner, rule.window()));
        Tensor hidden = seen.logical_not().repeat(share, 1);
        return queries.matmul(keys(visiting).transpose(1, 2))
                .mul_(Torch.scalar(rule.scale()))
                .masked_fill_(hidden, Torch.scalar(Double.NEGATIVE_INFINITY));
    }

    private Tensor keys(Tensor visiting) {
        return visiting.narrow(2, 0, keyDim).transpose(0, 1);
    }

    private Tensor values(Tensor visiting) {
        return visiting.narrow(2, keyDim, valueDim).transpose(0, 1);
    }

    /** Gradients of query, key and value from that of the result, [own, heads * valueDim]. */
    List<Tensor> backward(Tensor gradient) {
        Tensor above = grouped(gradient.reshape(own, groups * share, valueDim));
        Tensor along = above.mul(mixed).sum(new long[] {2}, true, new ScalarTypeOptional());
        Tensor ofQueries = torch.zeros_like(queries);
        Tensor travelling = slice;
        Tensor behind = torch.zeros_like(slice);
        for (int hop = 0; hop < ring.size(); hop++) {
            Arrival next = last(hop) ? null : pass(travelling, hop);
            if (rows.seen(ring.rank(), owner(hop))) {
                Tensor weights = scores(travelling, owner(hop)).sub_(logSums).exp_();
                Tensor ofScores = above.matmul(values(travelling).transpose(1, 2))
                        .sub_(along)
                        .mul_(weights)
                        .mul_(Torch.scalar(rule.scale()));
                ofQueries.add_(ofScores.matmul(keys(travelling)));
                keys(behind).add_(ofScores.transpose(1, 2).matmul(queries));
                values(behind).add_(weights.transpose(1, 2).matmul(above));
            }
            Arrival gradients = pass(behind, hop);
            travelling = last(hop) ? travelling : next.take();
            behind = gradients.take();
        }
        return List.of(
                ungrouped(ofQueries).reshape(own, groups * share, keyDim),
                behind.narrow(2, 0, keyDim),
                behind.narrow(2, keyDim, valueDim));
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
