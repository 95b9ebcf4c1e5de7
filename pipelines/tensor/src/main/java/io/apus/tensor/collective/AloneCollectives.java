package io.apus.tensor.collective;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One rank agrees with itself. */
final class AloneCollectives implements Collectives {
    static final Pending DONE = new Pending() {
        @Override
        public boolean done() {
            return true;
        }

        @Override
        public void await() {}
    };

    private final Traffic traffic = new Traffic();

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Pending allReduceSum(Tensor tensor) {
        return DONE;
    }

    @Override
    public Pending allReduceMax(Tensor tensor) {
        return DONE;
    }

    @Override
    public Pending reduceScatterSum(Tensor whole, Tensor part) {
        return copy(whole, part);
    }

    @Override
    public Pending allGather(Tensor part, Tensor whole) {
        return copy(part, whole);
    }

    @Override
    public Pending allToAll(Tensor sent, long[] sentRows, Tensor received, long[] receivedRows) {
        return copy(sent, received);
    }

    private static Pending copy(Tensor from, Tensor to) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            to.copy_(from.view_as(to));
        }
        return DONE;
    }

    @Override
    public Pending send(Tensor tensor, int to) {
        throw new IllegalArgumentException("one rank has no other to send to");
    }

    @Override
    public Pending receive(Tensor tensor, int from) {
        throw new IllegalArgumentException("one rank has no other to receive from");
    }

    @Override
    public void broadcast(Tensor tensor, int root) {}

    @Override
    public void barrier() {}

    @Override
    public List<long[]> allGather(long[] values) {
        return List.of(values.clone());
    }

    @Override
    public List<byte[]> allGather(byte[] values) {
        return List.of(values.clone());
    }

    @Override
    public Collectives group(String name, List<Integer> ranks) {
        if (!ranks.equals(List.of(0))) {
            throw new IllegalArgumentException("one rank makes no group of the ranks " + ranks);
        }
        return this;
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public void close() {}
}
