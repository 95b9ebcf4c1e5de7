package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import java.util.EnumSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The {@code pack-quantized} format of compressed-tensors: signed numbers of 4 or 8 bits, stored with half their range added and packed
 * along the inputs, with a scale for each row or each group of a row and, in asymmetric models, a zero packed along the rows.
 *
 * @param packed int32 [outFeatures, inFeatures * bits / 32]
 * @param scales float [outFeatures, groups]
 * @param zeros int32 [outFeatures * bits / 32, groups], or null
 * @param groupIndex int32 [inFeatures], or null where the groups are in order
 */
public record PackedWeight(int bits, long inFeatures, Tensor packed, Tensor scales, Tensor zeros, Tensor groupIndex)
        implements QuantisedWeight {
    /** Reads a linear; how many words a row takes tells the number of bits. */
    public static PackedWeight read(StoredLinear linear) {
        long out = linear.outFeatures();
        long in = linear.inFeatures();
        Tensor packed = linear.any("weight_packed", EnumSet.of(DType.I32));
        int bits = packed.dim() == 2 && packed.size(1) * 4 == in ? 8 : 4;
        int perWord = 32 / bits;
        Tensor scales = linear.any("weight_scale", StoredLinear.FLOATS);
        long groups = scales.dim() == 2 ? scales.size(1) : 0;
        linear.require(
                groups > 0 && scales.size(0) == out && in % groups == 0,
                "weight_scale",
                "has no shape [" + out + ", groups]");
        linear.require(
                in % perWord == 0 && (out % perWord == 0 || !linear.has("weight_zero_point")),
                "weight_packed",
                "cannot hold [" + out + ", " + in + "] in whole words");
        Tensor index = linear.has("weight_g_idx") ? linear.tensor("weight_g_idx", DType.I32, in) : null;
        linear.require(
                index == null || (index.min().item_int() >= 0 && index.max().item_int() < groups),
                "weight_g_idx",
                "names groups outside 0.." + (groups - 1));
        return new PackedWeight(
                bits,
                in,
                linear.tensor("weight_packed", DType.I32, out, in / perWord),
                scales,
                linear.has("weight_zero_point")
                        ? linear.tensor("weight_zero_point", DType.I32, out / perWord, groups)
                        : null,
                index);
    }

    @Override
    public long outFeatures() {
        return packed.size(0);
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            long groups = scales.size(1);
            int[] order = new int[32 / bits];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            Tensor numbers = BitFields.unpackColumns(packed, bits, order);
            // The half of the range that storing adds falls out where a zero, stored the same way, is taken off.
            Tensor zero = zeros == null
                    ? packed.new_full(new long[] {outFeatures(), groups}, new Scalar(1 << (bits - 1)))
                    : BitFields.unpackRows(zeros, bits);
            Tensor factors = scales.to(torch.ScalarType.Float);
            if (groupIndex == null) {
                Tensor values = numbers.view(outFeatures(), groups, -1)
                        .sub(zero.unsqueeze(2))
                        .to(torch.ScalarType.Float);
                values.mul_(factors.unsqueeze(2));
                return scope.keep(values.view(outFeatures(), inFeatures));
            }
            Tensor values = numbers.sub(zero.index_select(1, groupIndex)).to(torch.ScalarType.Float);
            values.mul_(factors.index_select(1, groupIndex));
            return scope.keep(values);
        }
    }

    /** Where words of packed numbers stay whole and, of groups in order, the groups; scattered groups' scales are in every part. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        int perWord = 32 / bits;
        if (dimension == 0) {
            return zeros == null
                    ? Optional.of(outputs(cut, cut))
                    : cut.by(perWord).map(words -> outputs(cut, words));
        }
        long groups = scales.size(1);
        Optional<Cut> own =
                groups == 1 || groupIndex != null ? Optional.of(Cut.all(groups)) : cut.by(inFeatures / groups);
        return own.flatMap(kept -> cut.by(perWord).map(words -> inputs(cut, words, kept)));
    }

    private PackedWeight outputs(Cut cut, Cut zeroWords) {
        try (Scope scope = Scope.open()) {
            return new PackedWeight(
                    bits,
                    inFeatures,
                    scope.keep(cut.of(packed, 0)),
                    scope.keep(cut.of(scales, 0)),
                    zeros == null ? null : scope.keep(zeroWords.of(zeros, 0)),
                    groupIndex == null ? null : scope.keep(groupIndex.clone()));
        }
    }

    private PackedWeight inputs(Cut cut, Cut words, Cut groups) {
        try (Scope scope = Scope.open()) {
            return new PackedWeight(
                    bits,
                    cut.size(),
                    scope.keep(words.of(packed, 1)),
                    scope.keep(groups.of(scales, 1)),
                    zeros == null ? null : scope.keep(groups.of(zeros, 1)),
                    groupIndex == null ? null : scope.keep(cut.of(groupIndex, 0)));
        }
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("weight_packed", packed);
        all.put("weight_scale", scales);
        if (zeros != null) {
            all.put("weight_zero_point", zeros);
        }
        if (groupIndex != null) {
            all.put("weight_g_idx", groupIndex);
        }
        return all;
    }
}
