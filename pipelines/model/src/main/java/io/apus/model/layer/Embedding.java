package io.apus.model.layer;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Token embeddings, [vocabSize, hiddenSize].
 *
 * @param padding a token whose row gets no gradient from here, as transformers has it for pad_token_id
 * @param scale multiplies the rows of tokens
 * @param positions [positions, hiddenSize], added by position in families that learn them
 * @param norm applied to all of that
 * @param share which rows {@code weight} has
 * @param changed where tuners put what is added to the rows of tokens before they are scaled
 */
public record Embedding(
        Parameter weight,
        OptionalInt padding,
        double scale,
        Optional<Parameter> positions,
        Optional<Norm> norm,
        VocabularyShare share,
        RowSlot changed) {
    /** With all rows. */
    public Embedding(
            Parameter weight, OptionalInt padding, double scale, Optional<Parameter> positions, Optional<Norm> norm) {
        this(weight, padding, scale, positions, norm, VocabularyShare.all(), new RowSlot(weight));
    }

    public Embedding withPositions(Parameter learned) {
        return new Embedding(weight, padding, scale, Optional.of(learned), norm, share, changed);
    }

    public Embedding withNorm(Norm applied) {
        return new Embedding(weight, padding, scale, positions, Optional.of(applied), share, changed);
    }

    /** The same with some {@code rows} of the weight, which others complete; a change stays whole. */
    public Embedding withRows(Parameter rows, VocabularyShare of) {
        return new Embedding(rows, padding, scale, positions, norm, of, changed.beside(rows));
    }

    /** [tokens, hiddenSize]; records no graph. */
    public Tensor forward(TokenBatch batch) {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor sums = sums(batch);
            return norm.isPresent() ? norm.get().forward(sums) : sums;
        }
    }

    private Tensor sums(TokenBatch batch) {
        VocabularyShare.Tokens tokens = tokens(batch);
        Tensor rows = tokens.own(weight.tensor().index_select(0, tokens.rows()));
        share.sum(rows);
        changed.change().ifPresent(own -> rows.add_(Torch.like(own.rows(batch.inputIds(), padding), rows)));
        if (scale != 1) {
            rows.mul_(Torch.scalar(scale));
        }
        return positions.isPresent() ? rows.add_(positions.get().tensor().index_select(0, batch.positionIds())) : rows;
    }

    private VocabularyShare.Tokens tokens(TokenBatch batch) {
        return share.tokens(batch.inputIds(), weight.shape()[0]);
    }

    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(changed.parameters());
        positions.ifPresent(all::add);
        norm.ifPresent(applied -> all.addAll(applied.parameters()));
        return all;
    }

    /** Whether anything here learns. */
    public boolean trainable() {
        return parameters().stream().anyMatch(Parameter::trainable);
    }

    /** Adds the gradients of what learns, in place, so that no second [vocabSize, hiddenSize] is made. */
    public void backward(TokenBatch batch, Tensor gradient) {
        try (Scope scoped = Scope.open()) {
            Tensor before = norm.isPresent() ? throughNorm(batch, gradient) : gradient;
            addGradients(batch, before);
            changed.change().ifPresent(own -> throughChange(own, batch, before));
        }
    }

    /** Computes the norm again, with a graph; gives the gradient before it. */
    private Tensor throughNorm(TokenBatch batch, Tensor gradient) {
        Tensor input;
        try (NoGrad guard = Torch.noGrad()) {
            input = sums(batch);
        }
        input.requires_grad_(true);
        norm.get()
                .forward(input)
                .backward(Torch.like(gradient, input), new BoolOptional(), false, new TensorArrayRefOptional());
        return new Tensor(input.grad());
    }

    private void throughChange(RowChange own, TokenBatch batch, Tensor gradient) {
        if (own.parameters().stream().anyMatch(Parameter::trainable)) {
            Tensor rows = own.rows(batch.inputIds(), padding);
            Tensor scaled = scale == 1 ? gradient : gradient.mul(Torch.scalar(scale));
            rows.backward(Torch.like(scaled, rows), new BoolOptional(), false, new TensorArrayRefOptional());
        }
    }

    private void addGradients(TokenBatch batch, Tensor gradient) {
        try (NoGrad guard = Torch.noGrad()) {
            if (weight.trainable()) {
                Tensor sum = weight.gradientBuffer();
                Tensor own = Torch.like(gradient, sum);
                addRows(sum, batch, scale == 1 ? own : own.mul(Torch.scalar(scale)));
            }
            positions.filter(Parameter::trainable).ifPresent(learned -> learned.gradientBuffer()
                    .index_add_(0, batch.positionIds(), Torch.like(gradient, learned.gradientBuffer())));
        }
    }

    private void addRows(Tensor sum, TokenBatch batch, Tensor rows) {
        VocabularyShare.Tokens tokens = tokens(batch);
        Tensor own = tokens.elsewhereOrNull() == null ? rows : tokens.own(rows.clone());
        long padded = padding.isPresent() ? padding.getAsInt() - share.first() : -1;
        if (padded >= 0 && padded < sum.size(0)) {
            Tensor row = sum.narrow(0, padded, 1);
            Tensor before = row.clone();
            sum.index_add_(0, tokens.rows(), own);
            row.copy_(before);
        } else {
            sum.index_add_(0, tokens.rows(), own);
        }
    }
}
