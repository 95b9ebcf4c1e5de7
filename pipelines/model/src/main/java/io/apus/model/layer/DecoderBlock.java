package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One layer: attention, then the feed-forward network, each on a normalised copy and added back. */
public record DecoderBlock(RmsNorm attentionNorm, Attention attention, RmsNorm mlpNorm, SwiGlu mlp) {
    /** [tokens, hiddenSize] in and out. */
    public Tensor forward(Tensor states, PassContext pass) {
        Tensor attended = states.add(attention.forward(attentionNorm.forward(states), pass));
        return attended.add(mlp.forward(mlpNorm.forward(attended), pass));
    }

    /** The linear maps, in the order of their use. */
    public List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>(attention.slots());
        all.addAll(mlp.slots());
        return all;
    }

    /** Every parameter of the layer as it stands, those that tuners added included. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(attentionNorm.weight());
        all.add(mlpNorm.weight());
        attention.queryNorm().ifPresent(norm -> all.add(norm.weight()));
        attention.keyNorm().ifPresent(norm -> all.add(norm.weight()));
        slots().forEach(slot -> all.addAll(slot.get().parameters()));
        return all;
    }
}
