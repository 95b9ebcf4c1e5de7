package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Additive quantisation (AQLM, Egiazarian et al., 2024): every little rectangle of the matrix is a sum of one vector from each codebook,
 * times a scale of its rows.
 *
 * @param codes int8 or int16, read as unsigned, [outGroups, inGroups, codebooks]
 * @param codebooks float [codebooks, size, rows of a rectangle, columns of a rectangle]
 * @param scales float [outGroups, 1, 1, 1]
 */
public record AqlmWeight(Tensor codes, Tensor codebooks, Tensor scales) implements QuantisedWeight {
    public static AqlmWeight read(StoredLinear linear) {
        Tensor codebooks = linear.any("codebooks", StoredLinear.FLOATS);
        long[] shape = Torch.shape(codebooks);
        linear.require(
                shape.length == 4
                        && shape[2] > 0
                        && shape[3] > 0
                        && linear.outFeatures() % shape[2] == 0
                        && linear.inFeatures() % shape[3] == 0,
                "codebooks",
                "has a shape that fits no linear of [" + linear.outFeatures() + ", " + linear.inFeatures() + "]");
        boolean bytes = shape[1] <= 256;
        long rows = linear.outFeatures() / shape[2];
        long columns = linear.inFeatures() / shape[3];
        Tensor codes = linear.tensor("codes", bytes ? DType.I8 : DType.I16, rows, columns, shape[0]);
        linear.require(unsigned(codes).max().item_long() < shape[1], "codes", "names vectors beyond " + (shape[1] - 1));
        return new AqlmWeight(codes, codebooks, linear.tensor("scales", StoredLinear.FLOATS, rows, 1, 1, 1));
    }

    private static Tensor unsigned(Tensor codes) {
        int mask = DType.of(codes) == DType.I8 ? 0xff : 0xffff;
        return codes.to(torch.ScalarType.Int).bitwise_and(new Scalar(mask));
    }

    @Override
    public long outFeatures() {
        return codes.size(0) * codebooks.size(2);
    }

    @Override
    public long inFeatures() {
        return codes.size(1) * codebooks.size(3);
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            long rows = codes.size(0);
            long columns = codes.size(1);
            Tensor places = unsigned(codes);
            Tensor vectors = codebooks.to(torch.ScalarType.Float).flatten(2, 3);
            Tensor sum = vectors.new_zeros(rows * columns, codebooks.size(2) * codebooks.size(3));
            for (long book = 0; book < codes.size(2); book++) {
                Tensor chosen = places.select(2, book).contiguous().view(-1);
                sum.add_(vectors.select(0, book).index_select(0, chosen));
            }
            Tensor rectangles = sum.view(rows, columns, codebooks.size(2), codebooks.size(3));
            rectangles.mul_(scales.to(torch.ScalarType.Float));
            return scope.keep(rectangles.permute(0, 2, 1, 3).contiguous().view(outFeatures(), inFeatures()));
        }
    }

    /** Where rectangles stay whole; the codebooks are in every part. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        return cut.by(codebooks.size(2 + dimension)).map(rectangles -> rectangles(rectangles, dimension));
    }

    private AqlmWeight rectangles(Cut cut, int dimension) {
        try (Scope scope = Scope.open()) {
            return new AqlmWeight(
                    scope.keep(cut.of(codes, dimension)),
                    scope.keep(codebooks.clone()),
                    scope.keep(dimension == 0 ? cut.of(scales, 0) : scales.clone()));
        }
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("codes", codes);
        all.put("codebooks", codebooks);
        all.put("scales", scales);
        return all;
    }
}
