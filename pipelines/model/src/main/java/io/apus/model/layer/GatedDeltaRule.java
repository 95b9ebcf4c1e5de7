package io.apus.model.layer;

import io.apus.tensor.Autocast;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The gated delta rule (Yang et al., 2024): a state S of each head decays, gives up what it holds under a key and takes the key's value
 * in, S = e^g S (I - b k k^T) + b k v^T; a query reads it. Computed in chunks, so that a text costs matrix products and not a step a token.
 */
final class GatedDeltaRule {
    private static final long CHUNK = 64;
    private static final double EPS = 1e-6;

    private GatedDeltaRule() {}

    /**
     * One text from its start.
     *
     * @param query, key [heads, tokens, keyDim], not yet of length one
     * @param value [heads, tokens, valueDim]
     * @param decay [heads, tokens] the g above, at most 0
     * @param strength [heads, tokens] the b above
     * @return [heads, tokens, valueDim]
     */
    static Tensor apply(Tensor query, Tensor key, Tensor value, Tensor decay, Tensor strength) {
        // The recurrence is computed in float32: what it sums up reaches over the whole text.
        try (Autocast exact = Autocast.of(Device.of(query), DType.F32)) {
            return Torch.like(exact(floats(query), floats(key), floats(value), floats(decay), floats(strength)), query);
        }
    }

    private static Tensor floats(Tensor tensor) {
        return tensor.to(torch.ScalarType.Float);
    }

    private static Tensor exact(Tensor query, Tensor key, Tensor value, Tensor decay, Tensor strength) {
        double scale = 1 / Math.sqrt((double) query.size(2));
        Tensor queries = unit(query).mul(Torch.scalar(scale));
        Tensor keys = unit(key);
        Tensor state = value.new_zeros(value.size(0), key.size(2), value.size(2));
        TensorVector results = new TensorVector();
        for (long at = 0; at < query.size(1); at += CHUNK) {
            long tokens = Math.min(CHUNK, query.size(1) - at);
            Tensor q = queries.narrow(1, at, tokens);
            Tensor k = keys.narrow(1, at, tokens);
            Tensor b = strength.narrow(1, at, tokens).unsqueeze(2);
            Tensor total = decay.narrow(1, at, tokens).cumsum(1);
            Tensor faded = total.exp().unsqueeze(2);
            // Of token i since token j <= i.
            Tensor between =
                    total.unsqueeze(2).sub(total.unsqueeze(1)).tril().exp().tril();
            Tensor weighted = k.mul(b);
            Tensor system = weighted.matmul(k.transpose(1, 2)).mul(between).tril(-1);
            Tensor right =
                    torch.cat(new TensorVector(value.narrow(1, at, tokens).mul(b), weighted.mul(faded)), 2);
            Tensor solved = torch.linalg_solve_triangular(system, right, false, true, true);
            long width = value.size(2);
            Tensor news = solved.narrow(2, 0, width)
                    .sub(solved.narrow(2, width, key.size(2)).matmul(state));
            Tensor own = q.matmul(k.transpose(1, 2)).mul(between).matmul(news);
            results.push_back(q.mul(faded).matmul(state).add(own));
            Tensor last = total.narrow(1, tokens - 1, 1);
            Tensor kept = k.mul(last.sub(total).exp().unsqueeze(2));
            state = state.mul(last.exp().unsqueeze(2)).add(kept.transpose(1, 2).matmul(news));
        }
        return torch.cat(results, 1);
    }

    private static Tensor unit(Tensor rows) {
        Tensor squares = rows.square().sum(new long[] {2}, true, new ScalarTypeOptional());
        return rows.mul(squares.add(Torch.scalar(EPS)).rsqrt());
    }
}
