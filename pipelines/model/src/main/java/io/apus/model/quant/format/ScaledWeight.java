package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One byte a number, times a scale for each rectangle of the matrix: FP8 in blocks of 128 x 128 (DeepSeek, {@code weight_scale_inv}), FP8
 * or int8 by rows or as a whole (compressed-tensors and FBGEMM, {@code weight_scale}), int8 by rows (LLM.int8, {@code SCB}).
 *
 * @param scaleName of the scales in files
 * @param numbers F8_E4M3, F8_E5M2 or I8 [outFeatures, inFeatures]
 * @param scales float, as stored
 * @param blockRows, blockColumns size of a rectangle; the last ones may be smaller
 * @param unit what every scale is multiplied with
 */
public record ScaledWeight(
        String scaleName, Tensor numbers, Tensor scales, long blockRows, long blockColumns, double unit)
        implements QuantisedWeight {
    /** Side of the squares that DeepSeek's models have one scale for. */
    public static final long BLOCK = 128;

    static final Set<DType> BYTES = EnumSet.of(DType.F8_E4M3, DType.F8_E5M2, DType.I8);
    /** bitsandbytes multiplies with this float32 instead of dividing by 127. */
    private static final double PER_127 = 7.874015718698502e-3;

    private static final double LARGEST_E4M3 = 448;

    /** FP8 in rectangles, as {@code weight_block_size} gives them. */
    public static ScaledWeight readBlocks(StoredLinear linear, long rows, long columns) {
        linear.require(rows > 0 && columns > 0, "weight", "is in blocks of [" + rows + ", " + columns + "]");
        return new ScaledWeight(
                "weight_scale_inv",
                bytes(linear),
                linear.tensor(
                        "weight_scale_inv",
                        StoredLinear.FLOATS,
                        Blocks.count(linear.outFeatures(), rows),
                        Blocks.count(linear.inFeatures(), columns)),
                rows,
                columns,
                1);
    }

    /** FP8 or int8 with a {@code weight_scale} for the matrix, for each row or for each rectangle; the scales' shape tells which. */
    public static ScaledWeight readScaled(StoredLinear linear) {
        Tensor scales = linear.any("weight_scale", StoredLinear.FLOATS);
        long out = linear.outFeatures();
        long in = linear.inFeatures();
        boolean whole = scales.numel() == 1;
        boolean rows = scales.numel() == out && scales.size(0) == out;
        linear.require(
                whole || rows,
                "weight_scale",
                "has " + scales.numel() + " scales, a linear of " + out + " outputs needs 1 or " + out);
        return new ScaledWeight("weight_scale", bytes(linear), scales, whole ? out : 1, in, 1);
    }

    /** The int8 rows of bitsandbytes' Linear8bitLt with their largest magnitudes {@code SCB}. */
    public static ScaledWeight readInt8(StoredLinear linear) {
        return new ScaledWeight(
                "SCB",
                linear.tensor("weight", DType.I8, linear.outFeatures(), linear.inFeatures()),
                linear.tensor("SCB", DType.F32, linear.outFeatures()),
                1,
                linear.inFeatures(),
                PER_127);
    }

    private static Tensor bytes(StoredLinear linear) {
        return linear.tensor("weight", BYTES, linear.outFeatures(), linear.inFeatures());
    }

    /**
     * LLM.int8 (Dettmers et al., 2022): rows to int8 by their largest magnitude, after a rounding to float16, bit for bit as bitsandbytes
     * quantises a Linear8bitLt. Activations stay float32 here, so that the outlier threshold has nothing to split off.
     */
    public static ScaledWeight int8(Tensor matrix) {
        try (Scope scope = Scope.open()) {
            Tensor halves = matrix.to(torch.ScalarType.Half).to(torch.ScalarType.Float);
            Tensor largest = halves.abs().amax(new long[] {1}, false);
            Tensor factors = torch.where(
                    largest.eq(new Scalar(0.0)),
                    torch.zeros_like(largest),
                    largest.reciprocal().mul(new Scalar(127.0)));
            Tensor numbers = halves.mul(factors.unsqueeze(1)).round().to(torch.ScalarType.Char);
            return new ScaledWeight("SCB", scope.keep(numbers), scope.keep(largest), 1, matrix.size(1), PER_127);
        }
    }

    /** FP8 E4M3 in squares of 128, the largest magnitude of each at 448, as transformers' FineGrainedFP8 quantises on load. */
    public static ScaledWeight fp8(Tensor matrix) {
        try (Scope scope = Scope.open()) {
            long out = matrix.size(0);
            long in = matrix.size(1);
            Tensor squares = padded(matrix, Blocks.count(out, BLOCK), Blocks.count(in, BLOCK));
            Tensor largest = squares.abs().amax(new long[] {1, 3}, false);
            Tensor scale = largest.reciprocal().mul(new Scalar(LARGEST_E4M3));
            Tensor finite = torch.where(scale.isinf(), torch.ones_like(scale), scale);
            Tensor wide = squares.mul(finite.unsqueeze(1).unsqueeze(3));
            Tensor numbers = Blocks.clamped(wide, -LARGEST_E4M3, LARGEST_E4M3)
                    .view(squares.size(0) * BLOCK, squares.size(2) * BLOCK)
                    .narrow(0, 0, out)
                    .narrow(1, 0, in)
                    .to(torch.ScalarType.Float8_e4m3fn)
                    .contiguous();
            return new ScaledWeight(
                    "weight_scale_inv", scope.keep(numbers), scope.keep(finite.reciprocal()), BLOCK, BLOCK, 1);
        }
    }

    private static Tensor padded(Tensor matrix, long rows, long columns) {
        long below = rows * BLOCK - matrix.size(0);
        long beside = columns * BLOCK - matrix.size(1);
        Tensor whole = below + beside == 0
                ? matrix.contiguous()
                : torch.constant_pad_nd(matrix, new long[] {0, beside, 0, below}, new Scalar(0.0));
        return whole.view(rows, BLOCK, columns, BLOCK);
    }

    @Override
    public long outFeatures() {
        return numbers.size(0);
    }

    @Override
    public long inFeatures() {
        return numbers.size(1);
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            Tensor values = floats();
            Tensor factors = scales.to(torch.ScalarType.Float);
            long rows = Blocks.count(outFeatures(), blockRows);
            long columns = Blocks.count(inFeatures(), blockColumns);
            Tensor grid = factors.reshape(rows, columns);
            if (outFeatures() % blockRows == 0 && inFeatures() % blockColumns == 0) {
                Tensor blocks = values.view(rows, blockRows, columns, blockColumns);
                blocks.mul_(grid.unsqueeze(1).unsqueeze(3));
            } else {
                values.mul_(stretched(grid));
            }
            if (unit != 1) {
                values.mul_(new Scalar(unit));
            }
            return scope.keep(values);
        }
    }

    private Tensor stretched(Tensor grid) {
        LongOptional any = new LongOptional();
        return grid.repeat_interleave(blockRows, new LongOptional(0), any)
                .narrow(0, 0, outFeatures())
                .repeat_interleave(blockColumns, new LongOptional(1), any)
                .narrow(1, 0, inFeatures());
    }

    private Tensor floats() {
        DType type = DType.of(numbers);
        if (type == DType.I8) {
            return numbers.to(torch.ScalarType.Float);
        }
        Tensor every = Device.of(numbers).range(DType.U8, 256);
        Tensor table = every.view(type.scalarType()).to(torch.ScalarType.Float);
        return ByteTable.values(numbers.view(torch.ScalarType.Byte), table);
    }

    /** Where rectangles stay whole. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        long block = dimension == 0 ? blockRows : blockColumns;
        // One rectangle along this dimension shrinks with it.
        boolean single = block >= cut.whole();
        return (single ? Optional.of(Cut.span(1, 0, 1)) : cut.by(block))
                .map(blocks -> part(cut, blocks, dimension, single ? cut.size() : block));
    }

    private ScaledWeight part(Cut cut, Cut blocks, int dimension, long block) {
        try (Scope scope = Scope.open()) {
            Tensor bytes = cut.of(numbers.view(torch.ScalarType.Byte), dimension);
            Tensor grid =
                    scales.reshape(Blocks.count(outFeatures(), blockRows), Blocks.count(inFeatures(), blockColumns));
            return new ScaledWeight(
                    scaleName,
                    scope.keep(bytes.view(DType.of(numbers).scalarType())),
                    scope.keep(blocks.of(grid, dimension)),
                    dimension == 0 ? block : blockRows,
                    dimension == 0 ? blockColumns : block,
                    unit);
        }
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("weight", numbers);
        all.put(scaleName, scales);
        return all;
    }
}
