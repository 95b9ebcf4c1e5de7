package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.Experts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Experts of whose inner numbers each rank computes some. All ranks of the group have the same tokens and so send the same ones here.
 *
 * @param own experts whose results are parts that add up
 * @param bias [experts, hiddenSize] of the sums
 */
record SharedExperts(Experts own, Optional<Parameter> bias, TensorGroup group) implements Experts {
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
        TensorVector sums = group.sum(torch.cat(results, 0)).split_with_sizes(sizes);
        return bias.isPresent() ? biased(sums, used, bias.get().tensor().unbind(0)) : sums;
    }

    private static TensorVector biased(TensorVector sums, int[] used, TensorVector biases) {
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            results.push_back(sums.get(i).add(biases.get(used[i])));
        }
        return results;
    }

    @Override
    public Experts part(Cut run) {
        return new SharedExperts(own.part(run), bias.map(all -> all.part(run, 0)), group);
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
        List<Parameter> all = new ArrayList<>(own.ownParameters());
        bias.ifPresent(all::add);
        return all;
    }

    @Override
    public long width() {
        return own.width();
    }
}
