package io.apus.train.parallel.context;

import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.TokenPart;
import io.apus.model.layer.TokenShare;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import io.apus.tensor.collective.Collectives;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Each rank computes some of every row's tokens, and attention over those of all its neighbours for a share of the heads: queries, keys and values are
 * exchanged before it and its result after it (Jacobs et al., "DeepSpeed Ulysses", 2023). Where there are fewer key-value heads than
 * ranks, they are repeated. Where the neighbours have not all of a row's tokens, the rest of its keys and values goes round a ring.
 */
public final class Ulysses implements TokenShare, AutoCloseable {
    private final Collectives all;
    private final Collectives ranks;
    private final RingAttention ring;
    private final CustomGradients gradients = new CustomGradients();

    /**
     * A rank's part.
     *
     * @param all ranks that share rows
     * @param ranks the neighbours of them that share heads
     * @param ring the ranks with the same heads and other tokens, in the order of these
     */
    Ulysses(Collectives all, Collectives ranks, Collectives ring) {
        this.all = all;
        this.ranks = ranks;
        this.ring = new RingAttention(ring);
    }

    @Override
    public TokenPart of(int tokens) {
        return slices(tokens).of(ring.rank(), ranks.rank());
    }

    private Slices slices(int tokens) {
        return new Slices(tokens, ring.ranks(), ranks.size());
    }

    @Override
    public Tensor attend(
            int[] segmentLengths, AttentionRule rule, Tensor query, Tensor key, Tensor value, WholeAttention whole) {
        Slices slices = slices(Arrays.stream(segmentLengths).sum());
        try (Scope scope = Scope.open()) {
            Tensor[] heads = toHeads(slices, query, repeated(key), repeated(value));
            Tensor mixed = ring.ranks() == 1
                    ? whole.attend(heads[0], heads[1], heads[2])
                    : ring.attend(new RingRows(segmentLengths, slices, RingRows.tile(Device.of(query))), rule, heads);
            return scope.keep(toTokens(slices, mixed));
        }
    }

    @Override
    public void sum(double[] own) {
        try (Scope scope = Scope.open()) {
            Tensor sums = Device.CPU.doubles(own);
            all.allReduceSum(sums).await();
            System.arraycopy(Torch.toDoubles(sums), 0, own, 0, own.length);
        }
    }

    /** Tokens of each neighbour. */
    private long[] sizes(Slices slices) {
        return slices.sizes(ring.rank());
    }

    /** Key-value heads, each as often as it takes to give every rank one; that this works out was checked before. */
    private Tensor repeated(Tensor heads) {
        long own = heads.size(1);
        if (own >= ranks.size()) {
            return heads;
        }
        return heads.repeat_interleave(ranks.size() / own, new LongOptional(1), new LongOptional());
    }

    /** From own tokens of all heads, [own, heads, dim] each, to all tokens of own heads. */
    private Tensor[] toHeads(Slices slices, Tensor... states) {
        TensorVector parts = new TensorVector();
        long[] widths = new long[states.length];
        for (int i = 0; i < states.length; i++) {
            widths[i] = states[i].size(1) / ranks.size() * states[i].size(2);
            parts.push_back(states[i].reshape(states[i].size(0), ranks.size(), widths[i]));
        }
        long own = states[0].size(0);
        long width = Arrays.stream(widths).sum();
        Tensor byRank = torch.cat(parts, 2).transpose(0, 1).reshape(ranks.size() * own, width);
        TensorVector back = exchange(byRank, equal(own), sizes(slices)).split_with_sizes(widths, 1);
        Tensor[] result = new Tensor[states.length];
        for (int i = 0; i < result.length; i++) {
            long heads = states[i].size(1) / ranks.size();
            result[i] = back.get(i).reshape(back.get(i).size(0), heads, states[i].size(2));
        }
        return result;
    }

    /** From all tokens of own heads, [tokens, width], to own tokens of all heads, [own, ranks * width]. */
    private Tensor toTokens(Slices slices, Tensor mixed) {
        long own = of(slices.tokens()).count();
        Tensor rows = exchange(mixed.contiguous(), sizes(slices), equal(own));
        return rows.view(ranks.size(), own, mixed.size(1)).transpose(0, 1).reshape(own, ranks.size() * mixed.size(1));
    }

    private long[] equal(long rows) {
        long[] sizes = new long[ranks.size()];
        Arrays.fill(sizes, rows);
        return sizes;
    }

    private Tensor exchange(Tensor rows, long[] sent, long[] received) {
        return gradients.apply(
                rows, own -> moved(own, sent, received), gradient -> moved(gradient.contiguous(), received, sent));
    }

    private Tensor moved(Tensor rows, long[] sent, long[] received) {
        Tensor result = rows.new_empty(new long[] {Arrays.stream(received).sum(), rows.size(1)});
        ranks.allToAll(rows, sent, result, received).await();
        return result;
    }

    @Override
    public void close() {
        ring.close();
        gradients.close();
    }
}
