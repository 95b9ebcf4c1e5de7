package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.ReduceOp;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;

/**
 * Collectives between processes by libtorch's process groups: Gloo's over TCP, and NCCL's for the tensors of ranks that compute on GPUs.
 */
public final class GlooCollectives implements Collectives {
    /** Gloo numbers the messages between two ranks; one number will do, for they keep their order. */
    private static final int TAG = 0;

    /** Begins what Gloo and its connections say when another rank is late. */
    private static final String TIMED_OUT = "Timed out";

    private final String name;
    private final World world;
    private final GlooGroup gloo;
    private final GlooGroups groups;

    private GlooCollectives(String name, World world, GlooGroup gloo, GlooGroups groups) {
        this.name = name;
        this.world = world;
        this.gloo = gloo;
        this.groups = groups;
    }

    /**
     * Meets the other ranks.
     *
     * @param rendezvous how long to wait for all ranks to appear
     * @param timeout how long any later operation may wait for another rank
     */
    public static GlooCollectives join(World world, Duration rendezvous, Duration timeout) {
        return join(world, Device.CPU, rendezvous, timeout);
    }

    /** As the other, among ranks that compute on devices like {@code device}. */
    public static GlooCollectives join(World world, Device device, Duration rendezvous, Duration timeout) {
        try {
            GlooGroups groups = GlooGroups.at(world, device, rendezvous, timeout);
            return new GlooCollectives("", world, groups.meet("", world), groups);
        } catch (RuntimeException e) {
            throw failure(
                    world, "meeting the other ranks at " + world.endpoints().get(0), e);
        }
    }

    @Override
    public Collectives group(String part, List<Integer> ranks) {
        List<String> endpoints = ranks.stream().map(world.endpoints()::get).toList();
        World members = new World(ranks.indexOf(world.rank()), ranks.size(), endpoints, world.attempt());
        String what = "meeting the ranks " + ranks + " as the group " + part;
        String path = "/" + part;
        return guarded(what, () -> new GlooCollectives(path, members, groups.meet(path, members), groups));
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
    public Traffic traffic() {
        return groups.traffic();
    }

    @Override
    public Pending allReduceSum(Tensor tensor) {
        return allReduce(tensor, ReduceOp.RedOpType.SUM);
    }

    @Override
    public Pending allReduceMax(Tensor tensor) {
        return allReduce(tensor, ReduceOp.RedOpType.MAX);
    }

    private Pending allReduce(Tensor tensor, ReduceOp.RedOpType operation) {
        count(Traffic.Kind.ALL_REDUCE, 2 * toOthers(bytes(tensor)));
        try (Scope scope = Scope.open()) {
            AllreduceOptions options = new AllreduceOptions().reduceOp(new ReduceOp(operation));
            return begin("the all-reduce of " + tensor.numel() + " elements", () -> group(tensor)
                    .allreduce(new TensorVector(tensor), options));
        }
    }

    /** Every rank sends each other rank its part and sums up what it gets: Gloo's own reduce-scatter is an all-reduce that drops the rest. */
    @Override
    public Pending reduceScatterSum(Tensor whole, Tensor part) {
        requireParts(whole, part);
        count(Traffic.Kind.REDUCE_SCATTER, toOthers(bytes(whole)));
        try (Scope scope = Scope.open()) {
            Tensor rows = whole.view(size(), part.numel());
            Tensor received = Scope.own(torch.empty_like(rows));
            long[] one = new long[size()];
            Arrays.fill(one, 1);
            Pending exchange = begin("the reduce-scatter of " + whole.numel() + " elements", () -> group(rows)
                    .alltoall_base(received, rows, new LongVector(one), new LongVector(one)));
            return exchange.then(() -> new RankSum(received, part).take());
        }
    }

    @Override
    public Pending allGather(Tensor part, Tensor whole) {
        requireParts(whole, part);
        count(Traffic.Kind.ALL_GATHER, toOthers(bytes(whole)));
        return begin("the all-gather of " + whole.numel() + " elements", () -> group(whole)
                ._allgather_base(whole.view(-1), part.view(-1)));
    }

    @Override
    public Pending allToAll(Tensor sent, long[] sentRows, Tensor received, long[] receivedRows) {
        long all = LongStream.of(sentRows).sum();
        count(Traffic.Kind.ALL_TO_ALL, all == 0 ? 0 : bytes(sent) / all * (all - sentRows[rank()]));
        return begin("the exchange of " + sent.numel() + " elements", () -> group(sent)
                .alltoall_base(received, sent, new LongVector(receivedRows), new LongVector(sentRows)));
    }

    @Override
    public Pending send(Tensor tensor, int to) {
        count(Traffic.Kind.SEND, bytes(tensor));
        return begin("sending " + tensor.numel() + " elements to rank " + to, () -> group(tensor)
                .send(new TensorVector(tensor), to, TAG));
    }

    @Override
    public Pending receive(Tensor tensor, int from) {
        return begin("receiving " + tensor.numel() + " elements from rank " + from, () -> group(tensor)
                .recv(new TensorVector(tensor), from, TAG));
    }

    @Override
    public void broadcast(Tensor tensor, int root) {
        count(Traffic.Kind.BROADCAST, toOthers(bytes(tensor)));
        try (Scope scope = Scope.open()) {
            BroadcastOptions options = new BroadcastOptions().rootRank(root);
            begin("the broadcast of " + tensor.numel() + " elements from rank " + root, () -> group(tensor)
                            .broadcast(new TensorVector(tensor), options))
                    .await();
        }
    }

    @Override
    public void barrier() {
        begin("the barrier", () -> group().barrier()).await();
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
        begin("the exchange of lengths", () -> group()._allgather_base(all, own))
                .await();
        long[] lengths = new long[size()];
        new LongPointer(all.data_ptr()).get(lengths);
        return lengths;
    }

    private List<byte[]> gatherPadded(byte[] values, long[] lengths, int widest) {
        Tensor own = empty(DType.U8, widest);
        new BytePointer(own.data_ptr()).put(Arrays.copyOf(values, widest));
        Tensor all = empty(DType.U8, (long) widest * size());
        begin("the exchange of " + widest + " bytes", () -> group()._allgather_base(all, own))
                .await();
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

    private void requireParts(Tensor whole, Tensor part) {
        if (whole.numel() != part.numel() * size()) {
            throw new IllegalArgumentException(
                    whole.numel() + " elements are not " + size() + " parts of " + part.numel());
        }
    }

    private void count(Traffic.Kind kind, long bytes) {
        groups.traffic().add(kind, bytes);
    }

    private long toOthers(long bytes) {
        return bytes / size() * (size() - 1);
    }

    private static long bytes(Tensor tensor) {
        return tensor.numel() * tensor.element_size();
    }

    private Backend group() {
        return gloo.group();
    }

    private Backend group(Tensor tensor) {
        return gloo.group(tensor);
    }

    private Pending begin(String what, Supplier<Work> operation) {
        try (Scope scope = Scope.open()) {
            return new GlooPending(what, Scope.own(guarded(what, operation)));
        }
    }

    private <T> T guarded(String what, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (RuntimeException e) {
            throw failure(world, what, e);
        }
    }

    /** Why an operation failed; where all that is known is that nobody came, the ranks find out who is missing. */
    private CollectiveFailure failed(String what, RuntimeException cause) {
        if (!String.valueOf(cause.getMessage()).contains(TIMED_OUT)) {
            return failure(world, what, cause);
        }
        String waited = "no word from the other ranks for " + groups.timeout().toSeconds() + " s; ";
        return new CollectiveFailure(
                failure(world, what, cause).getMessage() + "; " + waited
                        + groups.place().missing(name, world),
                cause);
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
        groups.close(gloo);
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
                work._wait();
            } catch (RuntimeException e) {
                throw failed(what, e);
            } finally {
                awaited = true;
                Scope.release(work);
            }
        }
    }
}
