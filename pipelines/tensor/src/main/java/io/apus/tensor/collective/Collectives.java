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

    /** As {@link #allReduceSum}, by the largest of all ranks' elements. */
    Pending allReduceMax(Tensor tensor);

    /**
     * Begins to sum {@code whole} over all ranks and to leave the {@code rank()}-th of {@code size()} equal parts of the sum in
     * {@code part}. The sum is taken in the order of the ranks, in float32 where the elements are narrower.
     *
     * @param whole contiguous, {@code size() * part.numel()} elements
     */
    Pending reduceScatterSum(Tensor whole, Tensor part);

    /**
     * Begins to put the {@code part}s of all ranks one after the other into {@code whole}.
     *
     * @param whole contiguous, {@code size() * part.numel()} elements
     */
    Pending allGather(Tensor part, Tensor whole);

    /**
     * Begins to send rows (slices of the first dimension) to every rank and to take theirs, in the order of the ranks.
     *
     * @param sentRows how many of {@code sent}'s rows go to each rank, first rows first
     * @param receivedRows how many of {@code received}'s rows come from each rank
     */
    Pending allToAll(Tensor sent, long[] sentRows, Tensor received, long[] receivedRows);

    /** Begins to send {@code tensor}; messages between two ranks arrive in the order in which they were sent. */
    Pending send(Tensor tensor, int to);

    /** Begins to fill {@code tensor} with what rank {@code from} sends. */
    Pending receive(Tensor tensor, int from);

    /** Replaces {@code tensor} on every rank by that of rank {@code root}. */
    void broadcast(Tensor tensor, int root);

    /** Returns once every rank has called it. */
    void barrier();

    /** The arrays of all ranks, by rank; their lengths may differ. For small ones: facts, not tensors. */
    List<long[]> allGather(long[] values);

    /** As {@link #allGather(long[])}, for bytes. */
    List<byte[]> allGather(byte[] values);

    /**
     * Some of the ranks as a group of their own, numbered in the order given; all of them call this, the others do not. It ends with
     * this one.
     *
     * @param name of its own for every group that a rank is in
     */
    Collectives group(String name, List<Integer> ranks);

    /** What this rank sent so far, its groups' traffic included. */
    Traffic traffic();

    @Override
    void close();

    /** Of which there is nothing to wait for. */
    static Pending done() {
        return AloneCollectives.DONE;
    }

    /** The group of one rank: everything is done at once. */
    static Collectives alone() {
        return new AloneCollectives();
    }
}
