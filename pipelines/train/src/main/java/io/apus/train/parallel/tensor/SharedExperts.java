package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.expert.Experts;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Experts of whose inner numbers each rank computes some. All ranks of the group have the same tokens and so send the same ones here.
 *
 * @param own experts whose results are parts that add up
 */
record SharedExperts(Experts own, TensorGroup group) implements Experts {
    @Override
    public int count() {
        return own.count();
    }

    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        if (used.length == 0) {
            return own.forward(rows, used, training);
        }
        long[] sizes =
                LongStream.range(0, rows.size()).map(i -> rows.get(i).size(0)).toArray();
        Tensor all = group.copy(torch.cat(rows, 0));
        TensorVector results = own.forward(all.split_with_sizes(sizes), used, training);
        return group.sum(torch.cat(results, 0)).split_with_sizes(sizes);
    }

    @Override
    public Experts part(Cut run) {
        return new SharedExperts(own.part(run), group);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return own.slots();
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
