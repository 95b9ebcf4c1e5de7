package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.tensor.ElasticTensor;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import org.bytedeco.pytorch.Tensor;

/** The weights of a unit in one flat buffer whose views the parameters become, and this rank's part of them. */
final class FlatWeights implements AutoCloseable {
    private final ElasticTensor flat;
    private final Tensor own;
    private final boolean apart;
    private final Collectives ranks;
    private final Held held;

    /**
     * Takes the parameters' values over; of what is not read yet, no more than it keeps.
     *
     * @param ownOrNull where to keep this rank's part, zeros at first, which then is all that lasts; null to keep the whole
     */
    FlatWeights(Layout layout, Tensor ownOrNull, Collectives ranks, Held held) {
        this.ranks = ranks;
        this.held = held;
        this.apart = ownOrNull != null;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Parameter like = layout.places().get(0).parameter();
            this.flat = new ElasticTensor(like.device().empty(like.dtype(), 0), layout.size());
            held.add(flat.bytes());
            if (apart) {
                this.own = Scope.own(ownOrNull);
                layout.slices(ranks.rank()).forEach(slice -> fill(own, slice));
            } else {
                flat.tensor().zero_();
                this.own = Scope.own(flat.tensor().narrow(0, ranks.rank() * layout.part(), layout.part()));
            }
            layout.places().forEach(this::lay);
        }
        if (apart) {
            held.add(Torch.bytes(own));
            release();
        }
    }

    private static void fill(Tensor own, Layout.Slice slice) {
        try (Scope scope = Scope.open()) {
            own.narrow(0, slice.at(), slice.to() - slice.from())
                    .copy_(slice.parameter().elements(slice.from(), slice.to()));
        }
    }

    private void lay(Layout.Place place) {
        Parameter parameter = place.parameter();
        try (Scope scope = Scope.open()) {
            Tensor view = flat.tensor().narrow(0, place.at(), parameter.count()).view(parameter.shape());
            if (!apart) {
                view.copy_(parameter.tensor());
            }
            parameter.lie(view);
        }
    }

    /** Whether this rank's part is all that lasts. */
    boolean apart() {
        return apart;
    }

    /** This rank's part, flat. */
    Tensor own() {
        return own;
    }

    /** Begins to put the parts of all ranks together, of which there are several or which are apart. */
    Pending gather() {
        take();
        return ranks.allGather(own, flat.tensor());
    }

    /** Puts the parts of all ranks together on rank 0, where they are apart. */
    void gatherFirst() {
        if (!apart) {
            return;
        }
        if (ranks.rank() > 0) {
            ranks.send(own, 0).await();
            return;
        }
        take();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            long part = own.numel();
            flat.tensor().narrow(0, 0, part).copy_(own);
            for (int rank = 1; rank < ranks.size(); rank++) {
                ranks.receive(flat.tensor().narrow(0, rank * part, part), rank).await();
            }
        }
    }

    private void take() {
        if (!flat.present()) {
            flat.take();
            held.add(flat.bytes());
        }
    }

    /** Gives up what is not this rank's, where that is kept apart. */
    void release() {
        if (apart && flat.present()) {
            flat.release();
            held.add(-flat.bytes());
        }
    }

    @Override
    public void close() {
        Scope.release(own);
        flat.close();
    }
}
