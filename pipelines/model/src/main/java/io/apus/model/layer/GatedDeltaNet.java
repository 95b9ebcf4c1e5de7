package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Linear attention by the gated delta rule, behind a short convolution (Qwen3-Next). A cache keeps each token's row before the
 * convolution, and what follows is computed again from the start of the text: so a sequence can be cut anywhere.
 *
 * @param layer number of the layer, which is its place in a cache
 * @param mixed by key head: its query, its key, its values and their output gates
 * @param gates by key head: strength and decay of its value heads
 * @param convolution [2 * keyHeads * keyDim + valueHeads * valueDim, 1, width]
 * @param logDecay, shift [valueHeads]
 * @param norm of each value head's result
 */
public record GatedDeltaNet(
        int layer,
        ProjectionSlot mixed,
        ProjectionSlot gates,
        Parameter convolution,
        Parameter logDecay,
        Parameter shift,
        Norm norm,
        ProjectionSlot output,
        Heads heads)
        implements TokenMixer {

    /** Numbers and sizes of heads; several value heads share a key head. */
    public record Heads(int keys, int keyDim, int values, int valueDim) {
        long share() {
            return values / keys;
        }

        /** Of a token, numbers of queries, and of keys. */
        public long keyWidth() {
            return (long) keys * keyDim;
        }

        /** Columns of a token before the convolution. */
        public long width() {
            return 2 * keyWidth() + (long) values * valueDim;
        }
    }

    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        boolean training = pass.training();
        long tokens = states.size(0);
        long valuesOfKey = heads.share() * heads.valueDim();
        Tensor all = mixed.forward(states, training).view(tokens, heads.keys(), -1);
        Tensor query = all.narrow(2, 0, heads.keyDim());
        Tensor key = all.narrow(2, heads.keyDim(), heads.keyDim());
        Tensor value = all.narrow(2, 2L * heads.keyDim(), valuesOfKey);
        Tensor gate = all.narrow(2, 2L * heads.keyDim() + valuesOfKey, valuesOfKey);
        Tensor both = gates.forward(states, training).view(tokens, heads.keys(), -1);
        Tensor rows = torch.cat(
                new TensorVector(
                        query.reshape(tokens, -1),
                        key.reshape(tokens, -1),
                        value.reshape(tokens, -1),
                        both.narrow(2, 0, heads.share()).reshape(tokens, -1),
                        both.narrow(2, heads.share(), heads.share()).reshape(tokens, -1)),
                1);
        int[] lengths = pass.segmentLengths();
        List<Tensor> histories = pass.histories(layer, rows);
        TensorVector results = new TensorVector();
        for (int i = 0; i < lengths.length; i++) {
            Tensor whole = text(histories.get(i));
            results.push_back(whole.narrow(0, whole.size(0) - lengths[i], lengths[i]));
        }
        Tensor normed = norm.forward(torch.cat(results, 0));
        Tensor gated = normed.mul(torch.silu(gate.reshape(tokens, heads.values(), heads.valueDim())));
        return output.forward(gated.reshape(tokens, -1), training);
    }

    /** [tokens, valueHeads, valueDim] for the rows of one text. */
    private Tensor text(Tensor rows) {
        long tokens = rows.size(0);
        Tensor convolved = convolved(rows.narrow(1, 0, heads.width()), tokens);
        Tensor query = spread(convolved.narrow(1, 0, heads.keyWidth()));
        Tensor key = spread(convolved.narrow(1, heads.keyWidth(), heads.keyWidth()));
        Tensor value = convolved
                .narrow(1, 2 * heads.keyWidth(), (long) heads.values() * heads.valueDim())
                .view(tokens, heads.values(), heads.valueDim());
        Tensor strength = rows.narrow(1, heads.width(), heads.values()).sigmoid();
        Tensor step = torch.softplus(
                rows.narrow(1, heads.width() + heads.values(), heads.values()).add(shift.tensor()));
        Tensor decay = step.mul(logDecay.tensor().exp()).neg();
        Tensor result = GatedDeltaRule.apply(
                query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1), decay.t(), strength.t());
        return result.transpose(0, 1);
    }

    private Tensor convolved(Tensor rows, long tokens) {
        long width = convolution.shape()[2];
        Tensor result = torch.conv1d(
                rows.t().unsqueeze(0),
                convolution.tensor(),
                new TensorOptional(),
                new long[] {1},
                new long[] {width - 1},
                new long[] {1},
                heads.width());
        return torch.silu(result.squeeze(0).narrow(1, 0, tokens)).t().contiguous();
    }

    /** Each key head once for every value head that shares it: [tokens, valueHeads, keyDim]. */
    private Tensor spread(Tensor rows) {
        long tokens = rows.size(0);
        return rows.reshape(tokens, heads.keys(), 1, heads.keyDim())
                .expand(tokens, heads.keys(), heads.share(), heads.keyDim())
                .reshape(tokens, heads.values(), heads.keyDim());
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(mixed, gates, output);
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(List.of(convolution, logDecay, shift));
        all.addAll(norm.parameters());
        return all;
    }

    @Override
    public CacheShape cacheShape() {
        return new CacheShape(1, heads.width() + 2L * heads.values(), 0);
    }

    @Override
    public int window() {
        return 0;
    }
}
