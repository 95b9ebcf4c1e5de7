package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.EnumSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The four-bit format of bitsandbytes ({@code quantize_4bit}, {@code QuantState.as_dict(packed=True)}): two codes in a byte, the first in
 * the high bits, and one maximum for every {@code blockSize} numbers in row-major order. With double quantisation the maxima are
 * themselves eight-bit codes of their distance from their mean, in blocks of 256.
 *
 * @param packed uint8 [ceil(numbers / 2), 1]
 * @param absmax float32 [blocks], or null where they are quantised
 * @param nested the quantised maxima, or null
 */
public record FourBitWeight(
        FourBitType type,
        long outFeatures,
        long inFeatures,
        long blockSize,
        String dtype,
        Tensor packed,
        Tensor absmax,
        Tensor table,
        DynamicEightBit nested,
        Float nestedOffset)
        implements QuantisedWeight {
    /** The block size that bitsandbytes takes when none is given. */
    public static final long BLOCK = 64;

    private static final long NESTED_BLOCK = 256;
    private static final String STATE = "weight.quant_state.bitsandbytes__";

    /** Quantises a float32 matrix, bit for bit as bitsandbytes does. */
    public static FourBitWeight quantise(Tensor matrix, FourBitType type, long blockSize, boolean doubleQuant) {
        try (Scope scope = Scope.open()) {
            Tensor blocks = Blocks.of(matrix, blockSize);
            Tensor absmax = Blocks.absmax(blocks);
            Tensor packed = scope.keep(pack(type.nearest().encode(Blocks.scaled(blocks, absmax)), matrix.numel()));
            Float offset = doubleQuant ? (Float) absmax.mean().item_float() : null;
            DynamicEightBit nested = doubleQuant ? nested(scope, absmax) : null;
            return new FourBitWeight(
                    type,
                    matrix.size(0),
                    matrix.size(1),
                    blockSize,
                    "float32",
                    packed,
                    doubleQuant ? null : scope.keep(absmax),
                    scope.keep(type.table()),
                    nested,
                    offset);
        }
    }

    private static DynamicEightBit nested(Scope scope, Tensor absmax) {
        DynamicEightBit quantised = DynamicEightBit.quantise(absmax.sub(absmax.mean()), NESTED_BLOCK);
        scope.keep(quantised.codes());
        scope.keep(quantised.absmax());
        scope.keep(quantised.table());
        return quantised;
    }

    private static Tensor pack(Tensor codes, long numbers) {
        Tensor flat = codes.view(-1);
        long bytes = (numbers + 1) / 2;
        // A block size is even, so an odd count leaves the code of a zero to pair with.
        Tensor pairs = flat.narrow(0, 0, 2 * bytes).view(-1, 2);
        return pairs.select(1, 0)
                .bitwise_left_shift(new Scalar(4))
                .bitwise_or(pairs.select(1, 1))
                .unsqueeze(1);
    }

    /** Reads what {@code QuantState.as_dict(packed=True)} wrote. */
    public static FourBitWeight read(StoredLinear linear) {
        FourBitType type = linear.has(STATE + FourBitType.NF4.label()) ? FourBitType.NF4 : FourBitType.FP4;
        String key = STATE + type.label();
        FourBitState state = FourBitState.read(linear.any(key, EnumSet.of(DType.U8)), linear, key);
        linear.require(
                state.rows() == linear.outFeatures() && state.columns() == linear.inFeatures(),
                key,
                "says shape [" + state.rows() + ", " + state.columns() + "], the linear is [" + linear.outFeatures()
                        + ", " + linear.inFeatures() + "]");
        linear.require(state.blockSize() > 0 && state.blockSize() % 2 == 0, key, "says blocksize " + state.blockSize());
        long numbers = Math.multiplyExact(state.rows(), state.columns());
        long blocks = Blocks.count(numbers, state.blockSize());
        boolean nested = linear.has("weight.nested_absmax");
        linear.require(!nested || state.nestedOffset() != null, key, "has no nested_offset");
        return new FourBitWeight(
                type,
                state.rows(),
                state.columns(),
                state.blockSize(),
                state.dtype(),
                linear.tensor("weight", DType.U8, (numbers + 1) / 2, 1),
                nested ? null : linear.tensor("weight.absmax", DType.F32, blocks),
                linear.tensor("weight.quant_map", DType.F32, 16),
                nested ? readNested(linear, blocks) : null,
                state.nestedOffset());
    }

    private static DynamicEightBit readNested(StoredLinear linear, long blocks) {
        return new DynamicEightBit(
                linear.tensor("weight.absmax", DType.U8, blocks),
                linear.tensor("weight.nested_absmax", DType.F32, Blocks.count(blocks, NESTED_BLOCK)),
                linear.tensor("weight.nested_quant_map", DType.F32, 256),
                NESTED_BLOCK);
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            Tensor values = ByteTable.pairs(packed, table, true);
            Tensor flat = Blocks.unscaled(values, maxima(), blockSize, outFeatures * inFeatures);
            return scope.keep(flat.view(outFeatures, inFeatures));
        }
    }

    private Tensor maxima() {
        return nested == null ? absmax : nested.dequantise().add(Torch.scalar(nestedOffset));
    }

    /** Where rows are whole blocks. The maxima of a part are no longer quantised: those of its rows do not lie together. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        if (inFeatures % blockSize != 0) {
            return Optional.empty();
        }
        return (dimension == 0 ? Optional.of(cut) : cut.by(blockSize)).map(blocks -> part(cut, blocks, dimension));
    }

    private FourBitWeight part(Cut cut, Cut blocks, int dimension) {
        try (Scope scope = Scope.open()) {
            Cut bytes = dimension == 0 ? cut : blocks.times(blockSize / 2);
            Tensor codes = bytes.of(packed.view(outFeatures, -1), dimension);
            Tensor scales = blocks.of(maxima().view(outFeatures, -1), dimension);
            return new FourBitWeight(
                    type,
                    dimension == 0 ? cut.size() : outFeatures,
                    dimension == 0 ? inFeatures : cut.size(),
                    blockSize,
                    dtype,
                    scope.keep(codes.view(-1, 1)),
                    scope.keep(scales.view(-1)),
                    scope.keep(table.clone()),
                    null,
                    null);
        }
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("weight", packed);
        all.put("weight.absmax", nested == null ? absmax : nested.codes());
        all.put("weight.quant_map", table);
        if (nested != null) {
            all.put("weight.nested_absmax", nested.absmax());
            all.put("weight.nested_quant_map", nested.table());
        }
        return all;
    }

    /** Everything a file holds of this matrix, the description included; the description lies in the caller's scope. */
    public SortedMap<String, Tensor> stateDict() {
        SortedMap<String, Tensor> all = tensors();
        FourBitState state = new FourBitState(type.label(), blockSize, dtype, outFeatures, inFeatures, nestedOffset);
        all.put(STATE + type.label(), state.write());
        return all;
    }
}
