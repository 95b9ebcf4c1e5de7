package io.apus.tensor;

import org.bytedeco.pytorch.StorageImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A flat tensor whose memory can be given back and taken again while all views of it, those in recorded graphs included, stay what they are.
 *
 * <p>While the memory is away no view may be made, read or written. It begins with memory, in which anything may lie.
 */
public final class ElasticTensor implements AutoCloseable {
    private final Tensor tensor;
    private final long bytes;
    private Tensor memory;

    /** Of the type and on the device of {@code like}. */
    public ElasticTensor(Tensor like, long count) {
        try (Scope scope = Scope.open()) {
            this.tensor = Scope.own(torch.empty(new long[] {count}, like.options(), null));
            this.bytes = Torch.bytes(tensor);
        }
        release();
        take();
    }

    public Tensor tensor() {
        return tensor;
    }

    /** Bytes that it holds when its memory is there. */
    public long bytes() {
        return bytes;
    }

    public boolean present() {
        return memory != null;
    }

    /** Takes memory, with whatever lies in it. */
    public void take() {
        if (memory != null) {
            return;
        }
        try (Scope scope = Scope.open()) {
            memory = Scope.own(torch.empty(new long[] {tensor.numel()}, tensor.options(), null));
            storage().UniqueStorageShareExternalPointer(memory.data_ptr(), bytes);
        }
    }

    /** Gives the memory back, and with it what was in it. */
    public void release() {
        try (Scope scope = Scope.open()) {
            StorageImpl storage = storage();
            storage.release_resources();
            storage.unsafe_set_nbytes(0);
        }
        Scope.release(memory);
        memory = null;
    }

    private StorageImpl storage() {
        return tensor.storage().unsafeGetStorageImpl();
    }

    @Override
    public void close() {
        release();
        Scope.release(tensor);
    }
}
