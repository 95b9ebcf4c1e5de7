package io.apus.train.parallel.zero;

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
     * Takes the parameters' values over.
     *
     * @param ownOrNull where to keep this rank's part, which then is all that lasts; null to keep the whole
     */
    FlatWeights(Layout layout, Tensor ownOrNull, Collectives ranks, Held held) {
        this.ranks = ranks;
        this.held = held;
        this.apart = ownOrNull != null;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor like = layout.places().get(0).parameter().tensor();
            this.flat = new ElasticTensor(like.detach(), layout.size());
            held.add(flat.bytes());
            flat.tensor().zero_();
            for (Layout.Place place : layout.places()) {
                Tensor tensor = place.parameter().tensor();
                Tensor view = flat.tensor()
                        .narrow(0, place.at(), place.parameter().count())
                        .view(Torch.shape(tensor));
                view.copy_(tensor);
                tensor.set_data(view);
            }
            Tensor part = flat.tensor().narrow(0, ranks.rank() * layout.part(), layout.part());
            this.own = Scope.own(apart ? ownOrNull.copy_(part) : part);
        }
        if (apart) {
            held.add(Torch.bytes(own));
            release();
        }
    }

    /** This rank's part, flat. */
    Tensor own() {
        return own;
    }

    /** Begins to put the parts of all ranks together. */
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
