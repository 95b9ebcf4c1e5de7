package io.apus.model.layer.expert;

import io.apus.model.layer.Activation;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Gated experts whose weights lie below each other, all of them [experts * width, hiddenSize]: down's are used turned.
 *
 * @param count of experts
 */
public record StackedExperts(int count, Parameter gate, Parameter up, Parameter down, Activation activation)
        implements Experts {
    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        // One cut of each tensor a pass, so that backward makes one gradient of the whole.
        TensorVector gates = each(gate);
        TensorVector ups = each(up);
        TensorVector downs = each(down);
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            Tensor own = rows.get(i);
            Tensor gated = activation.apply(torch.linear(own, gates.get(used[i])));
            results.push_back(gated.mul(torch.linear(own, ups.get(used[i]))).mm(downs.get(used[i])));
        }
        return results;
    }

    private TensorVector each(Parameter stacked) {
        return stacked.tensor().split(width(), 0);
    }

    @Override
    public Experts part(Cut run) {
        Cut rows = run.times(width());
        return new StackedExperts(
                Math.toIntExact(run.size()), gate.part(rows, 0), up.part(rows, 0), down.part(rows, 0), activation);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of();
    }

    @Override
    public List<Parameter> ownParameters() {
        return List.of(gate, up, down);
    }

    @Override
    public long width() {
        return gate.shape()[0] / count;
    }
}
