package io.apus.train.checkpoint;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;

/** The memory that a piece is read into: the tensor's own, or a copy of it where that is on another device or in another order. */
final class Destination implements AutoCloseable {
    private static final long LARGEST_BUFFER = 1 << 30;

    private final Scope scope = Scope.open();
    private final NoGrad guard = Torch.noGrad();
    private final Tensor target;
    private final boolean direct;
    private final Tensor memory;
    private final BytePointer bytes;

    private Destination(Tensor target) {
        this.target = target;
        this.direct = target.device().is_cpu() && target.is_contiguous();
        this.memory = direct ? target : Device.CPU.empty(DType.of(target), Torch.shape(target));
        this.bytes = new BytePointer(memory.data_ptr());
    }

    static Destination of(HeldPiece piece) {
        return new Destination(piece.tensor());
    }

    /** Fills {@code count} bytes from {@code at} on with those of {@code file} from {@code from} on. */
    void fill(long at, long count, VerifiedFile file, long from) throws IOException {
        for (long done = 0; done < count; done += LARGEST_BUFFER) {
            long end = Math.min(count, done + LARGEST_BUFFER);
            file.read(from + done, bytes.limit(at + end).position(at + done).asByteBuffer());
        }
    }

    /** All is there. */
    void done() {
        if (!direct) {
            target.copy_(memory);
        }
    }

    @Override
    public void close() {
        guard.close();
        scope.close();
    }
}
