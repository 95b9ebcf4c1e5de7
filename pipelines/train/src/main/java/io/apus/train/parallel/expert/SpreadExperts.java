package io.apus.train.parallel.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.Experts;
import io.apus.tensor.Device;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Experts of which each rank has an equal run: tokens travel to their experts' ranks and the results back (Lepikhin et al., "GShard",
 * 2020), as many as there are; none is dropped.
 *
 * <p>All ranks of the group call it alike, though with other tokens, and go back through it alike: also one that no token came to.
 *
 * @param own this rank's run
 * @param count of all ranks' experts
 */
record SpreadExperts(Experts own, int count, ExpertGroup group) implements Experts {
    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        long[] counts = new long[count];
        for (int i = 0; i < used.length; i++) {
            counts[used[i]] = rows.get(i).size(0);
        }
        Journey journey = new Journey(group.counts(counts), own.count(), group.rank());
        Tensor arrived = group.exchange(torch.cat(rows, 0), journey.sent(), journey.received());
        Tensor results = joined(compute(arrived, journey, training));
        Tensor returned = group.exchange(results, journey.received(), journey.sent());
        long[] sizes = LongStream.of(counts).filter(size -> size > 0).toArray();
        return returned.split_with_sizes(sizes);
    }

    /** Results in the order in which the tokens arrived. */
    private Tensor compute(Tensor arrived, Journey journey, boolean training) {
        int[] busy = journey.busy();
        if (busy.length == 0) {
            return arrived;
        }
        Tensor byExpert = arrived.index_select(0, journey.byExpert(Device.of(arrived)));
        TensorVector results = own.forward(byExpert.split_with_sizes(journey.busySizes()), busy, training);
        return torch.cat(results, 0).index_select(0, journey.byArrival(Device.of(arrived)));
    }

    /** Every rank's way back has to come through here, whether or not anything that learns was used on it. */
    private static Tensor joined(Tensor results) {
        return GradMode.is_enabled() && !results.requires_grad() ? results.requires_grad_(true) : results;
    }

    @Override
    public Experts part(Cut run) {
        throw new UnsupportedOperationException("these experts are on several ranks already");
    }

    @Override
    public List<ProjectionSlot> slots() {
        return own.slots();
    }

    @Override
    public List<ExpertSlot> changeSlots() {
        return own.changeSlots();
    }

    @Override
    public List<Parameter> ownParameters() {
        return own.ownParameters();
    }

    @Override
    public long width() {
        return own.width();
    }
}
