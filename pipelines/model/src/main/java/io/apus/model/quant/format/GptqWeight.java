package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * GPTQ's layout: unsigned numbers of 2, 3, 4 or 8 bits packed along the inputs, a zero and a scale for each group of inputs and each
 * output, and the group of every input (act-order models scatter them). Version 1 (AutoGPTQ) stores zeros less one, version 2 (GPTQModel)
 * as they are.
 *
 * @param qweight int32 [inFeatures * bits / 32, outFeatures]
 * @param qzeros int32 [groups, outFeatures * bits / 32]
 * @param scales float [groups, outFeatures]
 * @param groupIndex int32 [inFeatures]
 * @param groupSize inputs in a row that share a group where the groups are in order; 0 where they are scattered
 */
public record GptqWeight(
        int bits,
        int version,
        long outFeatures,
        long inFeatures,
        Tensor qweight,
        Tensor qzeros,
        Tensor scales,
        Tensor groupIndex,
        long groupSize)
        implements QuantisedWeight {

    /**
     * Reads a linear.
     *
     * @param groupSize as in quantization_config, -1 for one group
     */
    public static GptqWeight read(StoredLinear linear, int bits, long groupSize, int version) {
        if (bits != 2 && bits != 3 && bits != 4 && bits != 8) {
            throw new UserError("Cannot load GPTQ weights", "bits is " + bits, "Known: 2, 3, 4, 8.");
        }
        long in = linear.inFeatures();
        long out = linear.outFeatures();
        linear.require(
                BitFields.fit(in, bits) && BitFields.fit(out, bits),
                "qweight",
                "cannot hold a linear of [" + out + ", " + in + "] in whole words of " + bits + "-bit numbers");
        Tensor scales = linear.any("scales", StoredLinear.FLOATS);
        long size = groupSize <= 0 ? in : groupSize;
        long groups = (in + size - 1) / size;
        linear.require(
                scales.dim() == 2 && scales.size(0) == groups && scales.size(1) == out,
                "scales",
                "has another shape than [" + groups + ", " + out + "], which group_size " + groupSize + " needs");
        Tensor index = linear.has("g_idx") ? linear.tensor("g_idx", DType.I32, in) : inOrder(in, size);
        linear.require(
                index.min().item_int() >= 0 && index.max().item_int() < groups,
                "g_idx",
                "names groups outside 0.." + (groups - 1));
        boolean ordered = in % size == 0 && index.equal(inOrder(in, size));
        return new GptqWeight(
                bits,
                version,
                out,
                in,
                linear.tensor("qweight", DType.I32, in * bits / 32, out),
                linear.tensor("qzeros", DType.I32, groups, out * bits / 32),
                scales,
                index,
                ordered ? size : 0);
    }

    private static Tensor inOrder(long in, long size) {
        Tensor places = Device.CPU.range(DType.I32, in);
        places.floor_divide_(new Scalar(size));
        return places;
    }

    /**
     * Rounds a float32 matrix to the nearest numbers, without GPTQ's correction of errors: min and max of each group give its scale and
     * zero, as in GPTQ's {@code find_params}.
     */
    public static GptqWeight nearest(Tensor matrix, int bits, long groupSize, boolean symmetric, int version) {
        long out = matrix.size(0);
        long in = matrix.size(1);
        long top = (1L << bits) - 1;
        if (groupSize <= 0 || in % groupSize != 0 || !BitFields.fit(in, bits) || !BitFields.fit(out, bits)) {
            throw new UserError(
                    "Cannot quantise to GPTQ's layout",
                    "a linear of [" + out + ", " + in + "] has no whole groups of " + groupSize + " or words of " + bits
                            + "-bit numbers",
                    "");
        }
        try (Scope scope = Scope.open()) {
            Tensor groups = matrix.view(out, in / groupSize, groupSize);
            Tensor low = groups.amin(new long[] {2}, false).clamp_max(new Scalar(0.0));
            Tensor high = groups.amax(new long[] {2}, false).clamp_min(new Scalar(0.0));
            if (symmetric) {
                high = torch.maximum(low.neg(), high);
                low = high.neg();
            }
            Tensor scale = high.sub(low).clamp_min(new Scalar(1e-9)).div(new Scalar((double) top));
            Tensor half = scale.to(torch.ScalarType.Half).to(torch.ScalarType.Float);
            Tensor zero = symmetric
                    ? torch.full_like(low, new Scalar((top + 1) / 2.0))
                    : low.neg().div(half).round();
            Tensor clamped = Blocks.clamped(zero, 1, (double) top);
            Tensor numbers = groups.div(half.unsqueeze(2)).round().add(clamped.unsqueeze(2));
            Tensor whole = Blocks.clamped(numbers, 0, (double) top).view(out, in);
            Tensor stored =
                    clamped.t().sub(new Scalar(version == 1 ? 1.0 : 0.0)).contiguous();
            return new GptqWeight(
                    bits,
                    version,
                    out,
                    in,
                    scope.keep(BitFields.packRows(whole.t().contiguous(), bits)),
                    scope.keep(BitFields.packColumns(stored.to(torch.ScalarType.Int), bits)),
                    scope.keep(scale.t().contiguous().to(torch.ScalarType.Half)),
                    scope.keep(inOrder(in, groupSize)),
                    groupSize);
        }
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            Tensor numbers = BitFields.unpackRows(qweight, bits);
            Tensor zeros = zeros();
            Tensor factors = scales.to(torch.ScalarType.Float);
            if (groupSize > 0) {
                Tensor groups = numbers.view(-1, groupSize, outFeatures)
                        .sub(zeros.unsqueeze(1))
                        .to(torch.ScalarType.Float);
                groups.mul_(factors.unsqueeze(1));
                return scope.keep(groups.view(inFeatures, outFeatures).t());
            }
            Tensor values = numbers.sub(zeros.index_select(0, groupIndex)).to(torch.ScalarType.Float);
            values.mul_(factors.index_select(0, groupIndex));
            return scope.keep(values.t());
        }
    }

    /** int32 [groups, outFeatures]. */
    private Tensor zeros() {
        Tensor stored = BitFields.unpackColumns(qzeros, bits);
        if (version == 2) {
            return stored;
        }
        // A zero of 0 was stored as the largest number.
        return stored.add(new Scalar(1)).bitwise_and(new Scalar((1 << bits) - 1));
    }

    /** Where words of packed numbers stay whole and, of groups in order, the groups; scattered groups' scales are in every part. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        if (!BitFields.fit(cut.size(), bits)) {
            return Optional.empty();
        }
        if (dimension == 0) {
            return Optional.of(outputs(cut));
        }
        boolean single = groupSize >= inFeatures;
        if (groupSize == 0 || single) {
            return Optional.of(inputs(cut, Cut.all(scales.size(0)), single ? cut.size() : 0));
        }
        return cut.by(groupSize).map(groups -> inputs(cut, groups, groupSize));
    }

    private GptqWeight outputs(Cut cut) {
        try (Scope scope = Scope.open()) {
            Tensor zeros = cut.of(BitFields.unpackColumns(qzeros, bits), 1);
            return new GptqWeight(
                    bits,
                    version,
                    cut.size(),
                    inFeatures,
                    scope.keep(cut.of(qweight, 1)),
                    scope.keep(BitFields.packColumns(zeros, bits)),
                    scope.keep(cut.of(scales, 1)),
                    scope.keep(groupIndex.clone()),
                    groupSize);
        }
    }

    private GptqWeight inputs(Cut cut, Cut groups, long size) {
        try (Scope scope = Scope.open()) {
            Tensor numbers = cut.of(BitFields.unpackRows(qweight, bits), 0);
            return new GptqWeight(
                    bits,
                    version,
                    outFeatures,
                    cut.size(),
                    scope.keep(BitFields.packRows(numbers, bits)),
                    scope.keep(groups.of(qzeros, 0)),
                    scope.keep(groups.of(scales, 0)),
                    scope.keep(size == 0 ? cut.of(groupIndex, 0) : inOrder(cut.size(), size)),
                    size);
        }
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("qweight", qweight);
        all.put("qzeros", qzeros);
        all.put("scales", scales);
        all.put("g_idx", groupIndex);
        return all;
    }
}
