package io.apus.model.quant.format;

import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Small unsigned numbers in the bits of int32 words, the first in the lowest bits. */
final class BitFields {
    private static final int WORD = 32;

    private BitFields() {}

    /** Whether {@code count} numbers fill whole words: of three bits, 32 numbers fill three words. */
    static boolean fit(long count, int bits) {
        return count * bits % WORD == 0 && (WORD % bits == 0 || count % WORD == 0);
    }

    /** Numbers packed along the rows, int32 [words, columns], as int32 [words * 32 / bits, columns]. */
    static Tensor unpackRows(Tensor packed, int bits) {
        try (Scope scope = Scope.open()) {
            if (WORD % bits == 0) {
                int[] order = new int[WORD / bits];
                Arrays.setAll(order, i -> i);
                // Of a single column, strides are no order: the fields may lie column by column.
                return scope.keep(fields(packed.unsqueeze(1), bits, order, 1).reshape(-1, packed.size(1)));
            }
            return scope.keep(
                    straddling(packed.view(-1, bits, packed.size(1)), bits).view(-1, packed.size(1)));
        }
    }

    /** Numbers packed along the columns, int32 [rows, words], as int32 [rows, words * 32 / bits]. */
    static Tensor unpackColumns(Tensor packed, int bits) {
        try (Scope scope = Scope.open()) {
            return scope.keep(unpackRows(packed.t().contiguous(), bits).t().contiguous());
        }
    }

    /** As {@link #unpackColumns}, number {@code i} of a word at place {@code order[i]} of its bits. */
    static Tensor unpackColumns(Tensor packed, int bits, int... order) {
        try (Scope scope = Scope.open()) {
            return scope.keep(fields(packed.unsqueeze(2), bits, order, 2).reshape(packed.size(0), -1));
        }
    }

    private static Tensor fields(Tensor words, int bits, int[] order, int dimension) {
        long[] shifts =
                Arrays.stream(order).mapToLong(place -> (long) place * bits).toArray();
        long[] shape = {1, 1, 1};
        shape[dimension] = shifts.length;
        Tensor places = Device.of(words).longs(shifts).to(torch.ScalarType.Int).view(shape);
        Tensor fields = words.bitwise_right_shift(places);
        fields.bitwise_and_(new Scalar((1 << bits) - 1));
        return fields;
    }

    /** {@code bits} words hold 32 numbers, some of them across two words: [groups, bits, columns] to [groups, 32, columns]. */
    private static Tensor straddling(Tensor groups, int bits) {
        TensorVector numbers = new TensorVector();
        Scalar mask = new Scalar((1 << bits) - 1);
        for (int i = 0; i < WORD; i++) {
            int word = i * bits / WORD;
            int shift = i * bits % WORD;
            Tensor low = groups.select(1, word).bitwise_right_shift(new Scalar(shift));
            if (shift + bits > WORD) {
                int kept = WORD - shift;
                low = low.bitwise_and(new Scalar((1 << kept) - 1))
                        .bitwise_or(groups.select(1, word + 1).bitwise_left_shift(new Scalar(kept)));
            }
            numbers.push_back(low.bitwise_and(mask));
        }
        return torch.stack(numbers, 1);
    }

    /** The inverse of {@link #unpackRows}: int32 [numbers, columns] to int32 [words, columns]. */
    static Tensor packRows(Tensor numbers, int bits) {
        try (Scope scope = Scope.open()) {
            int group = WORD % bits == 0 ? WORD / bits : WORD;
            int words = group * bits / WORD;
            Tensor groups = numbers.to(torch.ScalarType.Int).view(-1, group, numbers.size(1));
            Tensor packed = groups.new_zeros(groups.size(0), words, numbers.size(1));
            for (int i = 0; i < group; i++) {
                int word = i * bits / WORD;
                int shift = i * bits % WORD;
                Tensor number = groups.select(1, i);
                packed.select(1, word).bitwise_or_(number.bitwise_left_shift(new Scalar(shift)));
                if (shift + bits > WORD) {
                    packed.select(1, word + 1).bitwise_or_(number.bitwise_right_shift(new Scalar(WORD - shift)));
                }
            }
            return scope.keep(packed.view(-1, numbers.size(1)));
        }
    }

    /** The inverse of {@link #unpackColumns(Tensor, int)}. */
    static Tensor packColumns(Tensor numbers, int bits) {
        try (Scope scope = Scope.open()) {
            return scope.keep(packRows(numbers.t().contiguous(), bits).t().contiguous());
        }
    }
}
