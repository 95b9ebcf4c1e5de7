package io.apus.model.layer.expert;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A network for every token, beside the chosen experts.
 *
 * @param gate [1] for a token, whose sigmoid multiplies the result
 */
public record SharedExpert(FeedForward network, Optional<ProjectionSlot> gate) {
    Tensor forward(Tensor states, PassContext pass) {
        Tensor result = network.forward(states, pass);
        return gate.isPresent()
                ? result.mul(gate.get().forward(states, pass.training()).sigmoid())
                : result;
    }

    List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>(network.slots());
        gate.ifPresent(all::add);
        return all;
    }
}
