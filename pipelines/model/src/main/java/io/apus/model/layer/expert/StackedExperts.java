package io.apus.model.layer.expert;

import io.apus.model.layer.Activation;
import io.apus.model.layer.ChangeSlot;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Gated experts whose weights lie below each other, all of them [experts * width, hiddenSize]: down's are used turned.
 *
 * @param count of experts
 */
public record StackedExperts(
        int count,
        ChangeSlot<ExpertChange> gate,
        ChangeSlot<ExpertChange> up,
        ChangeSlot<ExpertChange> down,
        Activation activation)
        implements Experts {
    public StackedExperts(int count, Parameter gate, Parameter up, Parameter down, Activation activation) {
        this(count, new ChangeSlot<>(gate), new ChangeSlot<>(up), new ChangeSlot<>(down), activation);
    }

    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        ExpertMatrices gates = ExpertMatrices.stacked(gate, width(), true);
        ExpertMatrices ups = ExpertMatrices.stacked(up, width(), true);
        ExpertMatrices downs = ExpertMatrices.stacked(down, width(), false);
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            Tensor own = rows.get(i);
            Tensor gated = activation.apply(gates.map(own, used[i]));
            results.push_back(downs.map(gated.mul(ups.map(own, used[i])), used[i]));
        }
        return results;
    }

    @Override
    public Experts part(Cut run) {
        Cut rows = run.times(width());
        return new StackedExperts(
                Math.toIntExact(run.size()), gate.part(rows), up.part(rows), down.part(rows), activation);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of();
    }

    @Override
    public List<ChangeSlot<ExpertChange>> changeSlots() {
        return List.of(gate, up, down);
    }

    @Override
    public List<Parameter> ownParameters() {
        return changeSlots().stream()
                .flatMap(slot -> slot.parameters().stream())
                .toList();
    }

    @Override
    public long width() {
        return gate.weight().shape()[0] / count;
    }
}
