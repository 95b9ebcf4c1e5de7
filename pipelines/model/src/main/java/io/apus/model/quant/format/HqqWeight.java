package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.EnumSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The format of hqq: numbers of 1 to 8 bits in groups along one axis of the matrix, (number - zero) * scale.
 *
 * @param axis 1: groups are runs of inputs, reshaped to [groups, groupSize]; 0: reshaped to [groupSize, groups]
 * @param packed uint8 or int32, see {@link HqqPacking}
 * @param scale, zero float, one for each group, with the groups' dimensions
 */
public record HqqWeight(
        int bits, long groupSize, int axis, long outFeatures, long inFeatures, Tensor packed, Tensor scale, Tensor zero)
        implements QuantisedWeight {
    /** What hqq groups by when nothing is said. */
    public static final long GROUP = 64;

    private static final double LARGEST_SCALE = 2e4;
    private static final double SMALLEST_RANGE = 1e-4;

    /** Quantises a float32 matrix with the half-quadratic solver, as hqq does on a CPU. */
    public static HqqWeight quantise(Tensor matrix, int bits, long groupSize, int axis) {
        if (matrix.numel() % groupSize != 0) {
            throw new UserError(
                    "Cannot quantise with hqq",
                    "a linear of [" + matrix.size(0) + ", " + matrix.size(1) + "] has no whole groups of " + groupSize,
                    "Choose another quant_method.");
        }
        int top = (1 << bits) - 1;
        try (Scope scope = Scope.open()) {
            Tensor groups = axis == 1
                    ? matrix.contiguous().view(-1, groupSize)
                    : matrix.contiguous().view(groupSize, -1);
            Tensor low = groups.amin(new long[] {axis}, true);
            Tensor range = groups.amax(new long[] {axis}, true).sub(low);
            Tensor exact = range.reciprocal().mul(new Scalar((double) top));
            Tensor scale = torch.where(range.abs().le(new Scalar(SMALLEST_RANGE)), torch.ones_like(range), exact)
                    .clamp_max(new Scalar(LARGEST_SCALE));
            Tensor zero = low.neg().mul(scale);
            // hqq rounds the first guess for four bits alone.
            Tensor guess = bits == 4 ? zero.round() : zero;
            HqqSolver solved = HqqSolver.solve(groups, scale, guess, top, axis);
            return new HqqWeight(
                    bits,
                    groupSize,
                    axis,
                    matrix.size(0),
                    matrix.size(1),
                    scope.keep(HqqPacking.of(bits).pack(solved.numbers())),
                    scope.keep(scale.reciprocal()),
                    scope.keep(solved.zero()));
        }
    }

    /** Reads what HQQLinear's state_dict writes for safetensors: W_q, scale, zero and its settings as small tensors. */
    public static HqqWeight read(StoredLinear linear) {
        int bits = setting(linear, "nbits");
        int axis = setting(linear, "axis");
        long groupSize = setting(linear, "group_size");
        linear.require(bits == 1 || bits == 2 || bits == 3 || bits == 4 || bits == 8, "nbits", "is " + bits);
        linear.require(axis == 0 || axis == 1, "axis", "is " + axis);
        long numbers = Math.multiplyExact(linear.outFeatures(), linear.inFeatures());
        linear.require(groupSize > 0 && numbers % groupSize == 0, "group_size", "is " + groupSize);
        HqqPacking packing = HqqPacking.of(bits);
        Tensor packed = linear.any("W_q", EnumSet.of(packing.words() ? DType.I32 : DType.U8));
        long groups = numbers / groupSize;
        long rows = axis == 1 ? groups : groupSize;
        linear.require(packing.fits(packed, rows, numbers / rows), "W_q", "does not hold " + numbers + " numbers");
        long[] perGroup = axis == 1 ? new long[] {groups, 1} : new long[] {1, groups};
        return new HqqWeight(
                bits,
                groupSize,
                axis,
                linear.outFeatures(),
                linear.inFeatures(),
                packed,
                linear.tensor("scale", StoredLinear.FLOATS, perGroup),
                linear.tensor("zero", StoredLinear.FLOATS, perGroup));
    }

    private static int setting(StoredLinear linear, String name) {
        Tensor value = linear.any(name, EnumSet.of(DType.I32, DType.I64, DType.U8));
        linear.require(value.numel() == 1, name, "is no single number");
        return Math.toIntExact(Torch.toLongs(value)[0]);
    }

    private long rows() {
        return axis == 1 ? outFeatures * inFeatures / groupSize : groupSize;
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            Tensor values = HqqPacking.of(bits).unpack(packed, rows());
            values.sub_(zero.to(torch.ScalarType.Float)).mul_(scale.to(torch.ScalarType.Float));
            return scope.keep(values.view(outFeatures, inFeatures));
        }
    }

    /** Where groups are runs of a row's inputs. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        if (axis != 1 || inFeatures % groupSize != 0) {
            return Optional.empty();
        }
        return (dimension == 0 ? Optional.of(cut) : cut.by(groupSize)).map(groups -> part(cut, groups, dimension));
    }

    private HqqWeight part(Cut cut, Cut groups, int dimension) {
        HqqPacking packing = HqqPacking.of(bits);
        try (Scope scope = Scope.open()) {
            Tensor numbers = packing.unpack(packed, rows()).view(outFeatures, inFeatures);
            return new HqqWeight(
                    bits,
                    groupSize,
                    axis,
                    dimension == 0 ? cut.size() : outFeatures,
                    dimension == 0 ? inFeatures : cut.size(),
                    scope.keep(packing.pack(cut.of(numbers, dimension).view(-1, groupSize))),
                    scope.keep(perGroup(scale, groups, dimension)),
                    scope.keep(perGroup(zero, groups, dimension)));
        }
    }

    private Tensor perGroup(Tensor values, Cut groups, int dimension) {
        return groups.of(values.view(outFeatures, -1), dimension).view(-1, 1);
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("W_q", packed);
        all.put("scale", scale);
        all.put("zero", zero);
        return all;
    }
}
