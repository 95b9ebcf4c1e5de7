package io.apus.model.quant.format;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * How hqq packs small numbers: the rows are cut into as many parts as a byte or word has fields, and the parts lie over each other, the
 * first in the highest field.
 *
 * @param label what files call it
 * @param fields numbers in one element
 * @param bits of one field
 * @param words whether an element is an int32 instead of a byte
 */
record HqqPacking(String label, int fields, int bits, boolean words) {
    /** The packing of numbers of {@code bits} bits; three-bit numbers come ten to an int32. */
    static HqqPacking of(int bits) {
        return switch (bits) {
            case 8 -> new HqqPacking("8bit_u8", 1, 8, false);
            case 4 -> new HqqPacking("4bit_u8", 2, 4, false);
            case 3 -> new HqqPacking("3bit_32", 10, 3, true);
            case 2 -> new HqqPacking("2bit_u8", 4, 2, false);
            case 1 -> new HqqPacking("1bit_u8", 8, 1, false);
            default -> throw new IllegalArgumentException("hqq packs no numbers of " + bits + " bits");
        };
    }

    long packedRows(long rows) {
        return (rows + fields - 1) / fields;
    }

    private torch.ScalarType type() {
        return words ? torch.ScalarType.Int : torch.ScalarType.Byte;
    }

    /** Whole float32 numbers [rows, columns] to [packedRows, columns]. */
    Tensor pack(Tensor numbers) {
        try (Scope scope = Scope.open()) {
            long parts = packedRows(numbers.size(0));
            long missing = parts * fields - numbers.size(0);
            Tensor typed = numbers.to(type());
            Tensor whole =
                    missing == 0 ? typed : torch.constant_pad_nd(typed, new long[] {0, 0, 0, missing}, new Scalar(0));
            Tensor packed = torch.zeros_like(whole.narrow(0, 0, parts));
            for (int i = 0; i < fields; i++) {
                packed.bitwise_or_(
                        whole.narrow(0, i * parts, parts).bitwise_left_shift(new Scalar(bits * (fields - 1 - i))));
            }
            return scope.keep(packed);
        }
    }

    /** The first {@code rows} rows, float32. */
    Tensor unpack(Tensor packed, long rows) {
        try (Scope scope = Scope.open()) {
            TensorVector parts = new TensorVector();
            for (int i = 0; i < fields; i++) {
                Tensor field = packed.bitwise_right_shift(new Scalar(bits * (fields - 1 - i)));
                parts.push_back(fields == 1 ? field : field.bitwise_and(new Scalar((1 << bits) - 1)));
            }
            Tensor numbers = torch.cat(parts, 0).narrow(0, 0, rows);
            return scope.keep(numbers.to(torch.ScalarType.Float));
        }
    }

    /** Whether {@code packed} has the shape that [rows, columns] need. */
    boolean fits(Tensor packed, long rows, long columns) {
        long[] shape = Torch.shape(packed);
        return shape.length == 2 && shape[0] == packedRows(rows) && shape[1] == columns;
    }
}
