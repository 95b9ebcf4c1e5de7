package io.apus.model.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Turns final hidden states into logits: logits = hidden W^T with a weight of [vocabSize, hiddenSize], which may be the embedding's. */
public final class OutputHead {
    private final String name;
    private final Parameter embedding;
    private Parameter own;

    /** {@code ownOrNull} is null where the head shares the embedding's weight. */
    public OutputHead(String name, Parameter embedding, Parameter ownOrNull) {
        this.name = name;
        this.embedding = embedding;
        this.own = ownOrNull;
    }

    public boolean tied() {
        return own == null;
    }

    public Parameter weight() {
        return tied() ? embedding : own;
    }

    /** Gives the head a weight of its own, at first a copy of the embedding's; does nothing to one that has. */
    public Parameter untie() {
        if (tied()) {
            own = new Parameter(name + ".weight", embedding.tensor().detach().clone());
        }
        return own;
    }

    /** [rows, hiddenSize] to [rows, vocabSize]. */
    public Tensor logits(Tensor hidden) {
        return torch.linear(hidden, weight().tensor());
    }
}
