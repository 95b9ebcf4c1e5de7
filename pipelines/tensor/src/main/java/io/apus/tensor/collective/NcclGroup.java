package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * The native objects of one NCCL process group, which moves tensors between GPUs.
 *
 * <p>Waiting for an operation of it holds up the GPU's stream and not this thread: a lost rank shows when libtorch's watchdog has waited
 * for the timeout and ends the process, or as an exception where TORCH_NCCL_BLOCKING_WAIT is 1.
 */
final class NcclGroup implements AutoCloseable {
    private static final String PART = "/nccl";

    private final Store store;
    private final ProcessGroupNCCL group;

    /** As {@link GlooGroup}'s; the first operation on tensors of a GPU connects the ranks. */
    NcclGroup(NativeStore meeting, String name, World world, Duration timeout) {
        try (Scope scope = Scope.open()) {
            this.store = Scope.own(meeting.part(name + PART));
            ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
            options.timeout(new Milliseconds(timeout.toMillis()));
            this.group = Scope.own(new ProcessGroupNCCL(store, world.rank(), world.size(), options));
        }
    }

    Backend group() {
        return group;
    }

    @Override
    public void close() {
        group.shutdown();
        Scope.release(group);
        Scope.release(store);
    }
}
