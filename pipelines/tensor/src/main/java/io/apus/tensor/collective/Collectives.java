package io.apus.tensor.collective;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What the ranks of one training run do together. Every rank makes the same calls in the same order with the same shapes.
 *
 * <p>A rank that is lost, late or out of step shows as a {@link CollectiveFailure}; the group is of no use after one.
 */
public interface Collectives extends AutoCloseable {
    int rank();

    int size();

    /** Begins to replace {@code tensor} by its sum over all ranks; it must not be touched until the result is awaited. */
    Pending allReduceSum(Tensor tensor);

    /** Replaces {@code tensor} on every rank by that of rank {@code root}. */
    void broadcast(Tensor tensor, int root);

    /** Returns once every rank has called it. */
    void barrier();

    /** The arrays of all ranks, by rank; their lengths may differ. For small ones: facts, not tensors. */
    List<long[]> allGather(long[] values);

    /** As {@link #allGather(long[])}, for bytes. */
    List<byte[]> allGather(byte[] values);

    @Override
    void close();

    /** The group of one rank: everything is done at once. */
    static Collectives alone() {
        return new AloneCollectives();
    }
}
