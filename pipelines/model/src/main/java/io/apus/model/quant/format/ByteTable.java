package io.apus.model.quant.format;

import io.apus.tensor.Scope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Looks bytes up in tables. Gathering from a flat table is several times faster than converting or unpacking element by element. */
final class ByteTable {
    private ByteTable() {}

    /** Float32 values of uint8 {@code codes} in a table of at most 256 of them; same shape. */
    static Tensor values(Tensor codes, Tensor table) {
        try (Scope scope = Scope.open()) {
            Tensor flat = codes.contiguous().view(-1).to(torch.ScalarType.Int);
            return scope.keep(table.index_select(0, flat).view(codes.sizes()));
        }
    }

    /** Float32 values of the two codes in each byte, the high four bits first, flat: twice as many as there are bytes. */
    static Tensor pairs(Tensor packed, Tensor sixteen, boolean highFirst) {
        try (Scope scope = Scope.open()) {
            Tensor high = sixteen.repeat_interleave(16);
            Tensor low = sixteen.repeat(16);
            Tensor[] both = highFirst ? new Tensor[] {high, low} : new Tensor[] {low, high};
            // Two floats travel as one 64-bit element.
            Tensor table = torch.stack(new TensorVector(both), 1)
                    .contiguous()
                    .view(torch.ScalarType.Long)
                    .view(-1);
            Tensor found = table.index_select(0, packed.contiguous().view(-1).to(torch.ScalarType.Int));
            return scope.keep(found.view(torch.ScalarType.Float));
        }
    }
}
