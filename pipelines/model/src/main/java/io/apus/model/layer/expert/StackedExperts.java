package io.apus.model.layer.expert;

import io.apus.model.layer.Activation;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** Gated experts whose three matrices lie in a tensor each for all of them. */
public record StackedExperts(ExpertSlot gate, ExpertSlot up, ExpertSlot down, Activation activation)
        implements Experts {
    @Override
    public int count() {
        return gate.get().count();
    }

    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        ExpertBank.Pass gates = gate.pass(training);
        ExpertBank.Pass ups = up.pass(training);
        ExpertBank.Pass downs = down.pass(training);
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            Tensor own = rows.get(i);
            Tensor gated = activation.apply(gates.product(own, used[i]));
            results.push_back(downs.product(gated.mul(ups.product(own, used[i])), used[i]));
        }
        return results;
    }

    @Override
    public Experts part(Cut run) {
        return new StackedExperts(gate.part(run), up.part(run), down.part(run), activation);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of();
    }

    @Override
    public List<ExpertSlot> changeSlots() {
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
        return down.get().layout().in();
    }
}
