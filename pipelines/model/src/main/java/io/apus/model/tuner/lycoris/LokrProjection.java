package io.apus.model.tuner.lycoris;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * LoKr: adds a Kronecker product whose factors may each be of low rank (Yeh et al., 2023; PEFT tuners/lokr).
 *
 * @param left, right one whole factor each, or a pair whose product is the factor
 */
record LokrProjection(Projection base, LokrSettings settings, List<Parameter> left, List<Parameter> right)
        implements AdditiveProjection {
    /** The left factor starts at zero, so that at first nothing changes. */
    static LokrProjection around(String module, Projection base, LokrSettings settings, GeneratorOptional generator) {
        KroneckerShape shape = KroneckerShape.of(base.outFeatures(), base.inFeatures(), settings.decomposeFactor());
        long rank = settings.common().rank();
        List<Parameter> left = splitsLeft(settings, shape)
                ? List.of(
                        InitialValues.constant(module + ".lokr_w1_a", 0, shape.outLeft(), rank),
                        InitialValues.kaiming(module + ".lokr_w1_b", generator, rank, shape.inLeft()))
                : List.of(InitialValues.constant(module + ".lokr_w1", 0, shape.outLeft(), shape.inLeft()));
        List<Parameter> right = splitsRight(settings, shape)
                ? List.of(
                        InitialValues.kaiming(module + ".lokr_w2_a", generator, shape.outRight(), rank),
                        InitialValues.kaiming(module + ".lokr_w2_b", generator, rank, shape.inRight()))
                : List.of(InitialValues.kaiming(module + ".lokr_w2", generator, shape.outRight(), shape.inRight()));
        return new LokrProjection(base, settings, left, right);
    }

    private static boolean splitsLeft(LokrSettings settings, KroneckerShape shape) {
        return settings.decomposeBoth() && settings.common().rank() < Math.max(shape.outLeft(), shape.inLeft()) / 2.0;
    }

    private static boolean splitsRight(LokrSettings settings, KroneckerShape shape) {
        return settings.common().rank() < Math.max(shape.outRight(), shape.inRight()) / 2.0;
    }

    /** How many numbers learn beside a linear of this shape. */
    static long count(LokrSettings settings, long inFeatures, long outFeatures) {
        KroneckerShape shape = KroneckerShape.of(outFeatures, inFeatures, settings.decomposeFactor());
        long rank = settings.common().rank();
        long left = splitsLeft(settings, shape)
                ? rank * (shape.outLeft() + shape.inLeft())
                : shape.outLeft() * shape.inLeft();
        long right = splitsRight(settings, shape)
                ? rank * (shape.outRight() + shape.inRight())
                : shape.outRight() * shape.inRight();
        return left + right;
    }

    private static Tensor factor(List<Parameter> side) {
        Tensor first = side.get(0).tensor();
        return side.size() == 1 ? first : first.mm(side.get(1).tensor());
    }

    @Override
    public Tensor delta() {
        return torch.kron(factor(left), factor(right))
                .mul(Torch.scalar(settings.common().scale()));
    }

    /** (L x R) vec(X) = vec(L X R^T): the product itself is never made. */
    @Override
    public Tensor apply(Tensor input, boolean training) {
        Tensor first = factor(left).mul(Torch.scalar(settings.common().scale()));
        Tensor second = factor(right);
        long tokens = input.size(0);
        Tensor narrowed = input.reshape(-1, second.size(1)).mm(second.t());
        Tensor turned = narrowed.view(tokens, first.size(1), -1).transpose(1, 2);
        Tensor mapped = turned.reshape(-1, first.size(1)).mm(first.t());
        Tensor change = mapped.view(tokens, second.size(0), -1).transpose(1, 2).reshape(tokens, outFeatures());
        return kept(change, Cut.all(outFeatures()), training);
    }

    @Override
    public Tensor kept(Tensor change, Cut outputs, boolean training) {
        return LycorisDropout.kept(settings.common(), change, outputs, settings.rankDropoutScale(), training);
    }

    @Override
    public boolean leftOut(boolean training) {
        return LycorisDropout.leavesOut(settings.common(), training);
    }

    @Override
    public List<Parameter> added() {
        List<Parameter> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }
}
