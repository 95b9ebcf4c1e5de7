package io.apus.train.parallel.expert;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.autograd.CustomGradients;
import io.apus.tensor.collective.Collectives;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** The ranks that share the experts of each mixture. */
public final class ExpertGroup implements AutoCloseable {
    private final Collectives ranks;
    private final CustomGradients gradients = new CustomGradients();

    public ExpertGroup(Collectives ranks) {
        this.ranks = ranks;
    }

    int size() {
        return ranks.size();
    }

    int rank() {
        return ranks.rank();
    }

    /** Every rank's numbers. */
    List<long[]> counts(long[] own) {
        return ranks.allGather(own);
    }

    /** Sends rows to the ranks and gives theirs; gradients travel the other way. */
    Tensor exchange(Tensor rows, long[] sent, long[] received) {
        return gradients.apply(
                rows, there -> exchanged(there, sent, received), gradient -> exchanged(gradient, received, sent));
    }

    private Tensor exchanged(Tensor rows, long[] sent, long[] received) {
        try (Scope scope = Scope.open()) {
            long[] shape = {LongStream.of(received).sum(), rows.size(1)};
            Tensor arrived = scope.keep(Device.of(rows).empty(DType.of(rows), shape));
            ranks.allToAll(rows.contiguous(), sent, arrived, received).await();
            return arrived;
        }
    }

    @Override
    public void close() {
        gradients.close();
    }
}
