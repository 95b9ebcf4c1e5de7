package io.apus.model.tuner.lora;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.RowChange;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A low-rank update of token embeddings: a token's row of scale A^T B^T is added to its own (peft 0.17, tuners/lora/layer.py, Embedding).
 * Dropout does not touch it, there as here.
 *
 * @param down A [rank, vocabSize]
 * @param up B [hiddenSize, rank]
 */
record LoraRows(Parameter down, Parameter up, double scale) implements RowChange {
    static final String DOWN = ".lora_embedding_A";
    static final String UP = ".lora_embedding_B";

    @Override
    public Tensor rows(Tensor ids, OptionalInt padding) {
        Tensor narrow = torch.embedding(down.tensor().t(), ids, padding.orElse(-1), false, false);
        return narrow.mm(up.tensor().t()).mul(Torch.scalar(scale));
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(down, up);
    }

    @Override
    public void addTo(Tensor weight) {
        Tensor product = up.tensor().mm(down.tensor()).mul_(Torch.scalar(scale));
        weight.add_(Torch.like(product.t(), weight));
    }
}
