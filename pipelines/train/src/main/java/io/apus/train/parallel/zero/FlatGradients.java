package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.ElasticTensor;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import io.apus.train.reduce.WireType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The gradients of a unit in one flat buffer that backward passes add to, and this rank's part of their sum over the ranks. */
final class FlatGradients implements AutoCloseable {
    private final Layout layout;
    private final ElasticTensor flat;
    private final Tensor own;
    private final boolean apart;
    private final Collectives ranks;
    private final Held held;

    /** {@code apart}: the part has memory of its own, and the whole has memory only from {@link #room} until it is summed. */
    FlatGradients(Layout layout, boolean apart, Collectives ranks, Held held) {
        this.layout = layout;
        this.apart = apart;
        this.ranks = ranks;
        this.held = held;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor like = layout.places().get(0).parameter().tensor().detach();
            this.flat = new ElasticTensor(like, layout.size());
            held.add(flat.bytes());
            for (Layout.Place place : layout.places()) {
                Parameter parameter = place.parameter();
                parameter.gradient(
                        flat.tensor().narrow(0, place.at(), parameter.count()).view(parameter.shape()));
            }
            this.own = Scope.own(
                    apart
                            ? Device.of(like).zeros(DType.of(like), layout.part())
                            : flat.tensor().narrow(0, ranks.rank() * layout.part(), layout.part()));
        }
        if (apart) {
            held.add(Torch.bytes(own));
            release();
        }
    }

    /** Whether what passes add to is gone once it is summed, so that every pass of a step has to be. */
    boolean apart() {
        return apart;
    }

    /** This rank's part of the sum, flat. */
    Tensor own() {
        return own;
    }

    void clear() {
        try (NoGrad guard = Torch.noGrad()) {
            if (apart) {
                release();
                own.zero_();
            } else {
                flat.tensor().zero_();
            }
        }
    }

    /** Makes room for gradients to be added, where there is none. */
    void room() {
        if (!flat.present()) {
            flat.take();
            held.add(flat.bytes());
            try (NoGrad guard = Torch.noGrad()) {
                flat.tensor().zero_();
            }
        }
    }

    /** Begins to add the sum over the ranks to this rank's part, which without memory of its own it replaces. */
    Pending reduce(WireType wire) {
        if (ranks.size() == 1) {
            return Collectives.done();
        }
        if (!apart) {
            return wire.reduceScatterSum(ranks, flat.tensor(), own);
        }
        room();
        try (Scope scope = Scope.open()) {
            Tensor sum = Scope.own(torch.empty_like(own));
            return wire.reduceScatterSum(ranks, flat.tensor(), sum).then(() -> add(sum));
        }
    }

    private void add(Tensor sum) {
        try (NoGrad guard = Torch.noGrad()) {
            own.add_(sum);
        } finally {
            Scope.release(sum);
            release();
        }
    }

    private void release() {
        if (flat.present()) {
            flat.release();
            held.add(-flat.bytes());
        }
    }

    @Override
    public void close() {
        layout.places().forEach(place -> place.parameter().clearGradient());
        Scope.release(own);
        flat.close();
    }
}
