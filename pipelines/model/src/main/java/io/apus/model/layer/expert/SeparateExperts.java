package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.GatedMlp;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import org.bytedeco.pytorch.TensorVector;

/** Experts that are modules of their own: {@code experts.3.gate_proj}. */
public record SeparateExperts(List<GatedMlp> networks) implements Experts {
    @Override
    public int count() {
        return networks.size();
    }

    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            results.push_back(networks.get(used[i]).forward(rows.get(i), training));
        }
        return results;
    }

    @Override
    public Experts part(Cut run) {
        return new SeparateExperts(run.spans().stream()
                .flatMap(span -> networks.subList((int) span.from(), (int) span.to()).stream())
                .toList());
    }

    @Override
    public List<ProjectionSlot> slots() {
        return networks.stream().flatMap(network -> network.slots().stream()).toList();
    }

    @Override
    public List<Parameter> ownParameters() {
        return List.of();
    }

    @Override
    public long width() {
        return networks.get(0).width();
    }
}
