package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;

/** Collectives over TCP between processes, by libtorch's Gloo process group. */
public final class GlooCollectives implements Collectives {
    private final World world;
    private final GlooGroup gloo;

    private GlooCollectives(World world, GlooGroup gloo) {
        this.world = world;
        this.gloo = gloo;
    }

    /**
     * Meets the other ranks.
     *
     * @param rendezvous how long to wait for all ranks to appear
     * @param timeout how long any later operation may wait for another rank
     */
    public static GlooCollectives join(World world, Duration rendezvous, Duration timeout) {
        try {
            return new GlooCollectives(world, GlooGroup.join(world, rendezvous, timeout));
        } catch (RuntimeException e) {
            throw failure(
                    world, "meeting the other ranks at " + world.endpoints().get(0), e);
        }
    }

    @Override
    public int rank() {
        return world.rank();
    }

    @Override
    public int size() {
        return world.size();
    }

    @Override
    public Pending allReduceSum(Tensor tensor) {
        String what = "the all-reduce of " + tensor.numel() + " elements";
        try (Scope scope = Scope.open()) {
            return new GlooPending(what, Scope.own(guarded(what, () -> group().allreduce(new TensorVector(tensor)))));
        }
    }

    @Override
    public void broadcast(Tensor tensor, int root) {
        String what = "the broadcast of " + tensor.numel() + " elements from rank " + root;
        try (Scope scope = Scope.open()) {
            BroadcastOptions options = new BroadcastOptions().rootRank(root);
            run(what, () -> group().broadcast(new TensorVector(tensor), options));
        }
    }

    @Override
    public void barrier() {
        try (Scope scope = Scope.open()) {
            run("the barrier", () -> group().barrier());
        }
    }

    @Override
    public List<long[]> allGather(long[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return allGather(bytes.array()).stream().map(GlooCollectives::longs).toList();
    }

    @Override
    public List<byte[]> allGather(byte[] values) {
        try (Scope scope = Scope.open()) {
            long[] lengths = gatherLengths(values.length);
            int widest = Math.toIntExact(Arrays.stream(lengths).max().orElse(0));
            if (widest == 0) {
                return new ArrayList<>(Collections.nCopies(size(), new byte[0]));
            }
            return gatherPadded(values, lengths, widest);
        }
    }

    private long[] gatherLengths(long length) {
        Tensor own = empty(DType.I64, 1);
        new LongPointer(own.data_ptr()).put(length);
        Tensor all = empty(DType.I64, size());
        run("the exchange of lengths", () -> group()._allgather_base(all, own));
        long[] lengths = new long[size()];
        new LongPointer(all.data_ptr()).get(lengths);
        return lengths;
    }

    private List<byte[]> gatherPadded(byte[] values, long[] lengths, int widest) {
        Tensor own = empty(DType.U8, widest);
        new BytePointer(own.data_ptr()).put(Arrays.copyOf(values, widest));
        Tensor all = empty(DType.U8, (long) widest * size());
        run("the exchange of " + widest + " bytes", () -> group()._allgather_base(all, own));
        BytePointer data = new BytePointer(all.data_ptr());
        List<byte[]> byRank = new ArrayList<>();
        for (int rank = 0; rank < size(); rank++) {
            byte[] one = new byte[Math.toIntExact(lengths[rank])];
            data.position((long) rank * widest).get(one);
            byRank.add(one);
        }
        return byRank;
    }

    private static Tensor empty(DType dtype, long length) {
        return torch.empty(new long[] {length}, new TensorOptions(dtype.scalarType()), null);
    }

    private static long[] longs(byte[] bytes) {
        long[] values = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().get(values);
        return values;
    }

    private ProcessGroupGloo group() {
        return gloo.group();
    }

    private void run(String what, Supplier<Work> operation) {
        guarded(what, () -> operation.get()._wait());
    }

    private <T> T guarded(String what, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (RuntimeException e) {
            throw failure(world, what, e);
        }
    }

    private static CollectiveFailure failure(World world, String what, RuntimeException cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new CollectiveFailure(
                "rank " + world.rank() + " of " + world.size() + " failed in " + what + " (ranks at "
                        + String.join(", ", world.endpoints()) + "): "
                        + message.lines().findFirst().orElse(""),
                cause);
    }

    @Override
    public void close() {
        gloo.close();
    }

    private final class GlooPending implements Pending {
        private final String what;
        private final Work work;
        private boolean awaited;

        private GlooPending(String what, Work work) {
            this.what = what;
            this.work = work;
        }

        @Override
        public boolean done() {
            return awaited || work.isCompleted();
        }

        @Override
        public void await() {
            try {
                guarded(what, () -> work._wait());
            } finally {
                awaited = true;
                Scope.release(work);
            }
        }
    }
}
