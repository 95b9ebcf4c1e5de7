package io.apus.model.layer;

import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Turns final hidden states into logits with a weight of [vocabSize, hiddenSize], which may be the embedding's: (hidden W^T + bias) * scale,
 * then softcap * tanh(logits / softcap) where there is a cap.
 */
public final class OutputHead {
    private static final double SHORTEST = 1e-12;
    private static final double COLUMN_EPS = 1e-7;

    /** What of the weight is made of length one before it is used. */
    private enum Unit {
        NONE,
        ROWS,
        COLUMNS
    }

    private final String name;
    private final Parameter embedding;
    private final Shaping shaping;
    private final Unit unit;
    private final VocabularyShare share;
    private Parameter own;

    /**
     * What happens to products of hidden states and weights.
     *
     * @param bias [vocabSize]
     * @param softcap 0 for none (Gemma 2)
     */
    public record Shaping(Optional<Parameter> bias, double scale, double softcap) {
        public static final Shaping NONE = new Shaping(Optional.empty(), 1, 0);

        public static Shaping scaled(double factor) {
            return new Shaping(Optional.empty(), factor, 0);
        }
    }

    /** {@code ownOrNull} is null where the head shares the embedding's weight. */
    public OutputHead(String name, Parameter embedding, Parameter ownOrNull, Shaping shaping) {
        this(name, embedding, ownOrNull, shaping, Unit.NONE, VocabularyShare.all());
    }

    private OutputHead(
            String name, Parameter embedding, Parameter ownOrNull, Shaping shaping, Unit unit, VocabularyShare share) {
        this.name = name;
        this.embedding = embedding;
        this.own = ownOrNull;
        this.shaping = shaping;
        this.unit = unit;
        this.share = share;
    }

    /** The same head, multiplying with rows of length one instead of the weight's own (Baichuan 2's NormHead). */
    public OutputHead normalised() {
        return new OutputHead(name, embedding, own, shaping, Unit.ROWS, share);
    }

    /** The same head, each of the weight's columns divided by its length, through which no gradient flows (Ling's norm_head). */
    public OutputHead normalisedColumns() {
        return new OutputHead(name, embedding, own, shaping, Unit.COLUMNS, share);
    }

    /** The same head with some {@code rows} of what has one for each token, which others complete. */
    public OutputHead withRows(UnaryOperator<Parameter> rows, VocabularyShare of) {
        Parameter part = rows.apply(weight());
        Shaping shaped = new Shaping(bias().map(rows), shaping.scale(), shaping.softcap());
        return new OutputHead(name, part, tied() ? null : part, shaped, unit, of);
    }

    /** Which rows the weight has. */
    public VocabularyShare share() {
        return share;
    }

    /** The module's name in Hugging Face models, mostly {@code lm_head}. */
    public String name() {
        return name;
    }

    public boolean tied() {
        return own == null;
    }

    public Parameter weight() {
        return tied() ? embedding : own;
    }

    public Optional<Parameter> bias() {
        return shaping.bias();
    }

    /** The parameters that are not the embedding's. */
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>();
        if (!tied()) {
            all.add(own);
        }
        bias().ifPresent(all::add);
        return all;
    }

    /** Gives the head a weight of its own, at first a copy of the embedding's; does nothing to one that has. */
    public Parameter untie() {
        if (tied()) {
            own = new Parameter(name + ".weight", embedding.tensor().detach().clone());
        }
        return own;
    }

    /** What hidden states are multiplied with, [vocabSize, hiddenSize], outside any graph: the weight, or its normalised rows or columns. */
    public Tensor matrix() {
        Tensor weight = weight().tensor().detach();
        return unit == Unit.NONE ? weight : weight.div(lengths(weight));
    }

    /** Where gradients of {@link #matrix} are to be added up, before {@link #finishGradient}. */
    public Tensor matrixGradient() {
        return unit == Unit.NONE ? weight().gradientBuffer() : torch.zeros_like(weight().tensor());
    }

    /** Adds to the weight's gradient what a full {@link #matrixGradient} means for it. */
    public void finishGradient(Tensor matrixGradient) {
        if (unit == Unit.NONE) {
            return;
        }
        Tensor lengths = lengths(weight().tensor().detach());
        weight().gradientBuffer().add_((unit == Unit.ROWS ? acrossRows(matrixGradient) : matrixGradient).div(lengths));
    }

    /** What is left of a gradient when its part along each row, which normalising takes away, is gone. */
    private Tensor acrossRows(Tensor gradient) {
        Tensor rows = matrix();
        return gradient.sub(rows.mul(gradient.mul(rows).sum(new long[] {1}, true, new ScalarTypeOptional())));
    }

    /** Of rows [vocabSize, 1], or of columns [1, hiddenSize]. */
    private Tensor lengths(Tensor weight) {
        long dimension = unit == Unit.ROWS ? 1 : 0;
        Tensor lengths = torch.linalg_vector_norm(
                weight, Torch.scalar(2), new long[] {dimension}, true, new ScalarTypeOptional());
        if (unit == Unit.ROWS) {
            return lengths.clamp_min(Torch.scalar(SHORTEST));
        }
        Tensor squares = lengths.square();
        share.sum(squares);
        return squares.sqrt().add(Torch.scalar(COLUMN_EPS));
    }

    /** What products with the weight's normalised columns are products with the weight of: generation makes no second weight a token. */
    private Tensor shortened(Tensor hidden, Tensor weight) {
        return hidden.div(Torch.like(lengths(weight), hidden));
    }

    /** [rows, hiddenSize] to [rows, vocabSize]: of the rows of the vocabulary that are here. */
    public Tensor logits(Tensor hidden) {
        Tensor weight = weight().tensor().detach();
        Tensor products =
                torch.linear(unit == Unit.COLUMNS ? shortened(hidden, weight) : hidden, Torch.like(weight, hidden));
        if (unit == Unit.ROWS) {
            products.div_(Torch.like(lengths(weight).squeeze(1), products));
        }
        shape(products);
        return products;
    }

    /** Makes logits of hidden W^T, in place. Gives d(logits)/d(products), to be multiplied with a gradient, or null where it is 1. */
    public Tensor shape(Tensor products) {
        bias().ifPresent(b -> products.add_(b.tensor().detach()));
        if (shaping.scale() != 1) {
            products.mul_(Torch.scalar(shaping.scale()));
        }
        if (shaping.softcap() == 0) {
            return shaping.scale() == 1 ? null : Device.of(products).floats((float) shaping.scale());
        }
        products.div_(Torch.scalar(shaping.softcap())).tanh_();
        Tensor slope = products.square().neg_().add_(Torch.scalar(1)).mul_(Torch.scalar(shaping.scale()));
        products.mul_(Torch.scalar(shaping.softcap()));
        return slope;
    }
}
