package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;

/** The native objects of one group: Gloo's, and NCCL's where tensors of a GPU are to be moved. */
final class GlooGroup implements AutoCloseable {
    /** Two threads let a reduction that waits for its peer not hold up the one behind it. */
    private static final int THREADS = 2;

    private final ProcessGroupGloo group;
    private final NcclGroup nccl;

    /**
     * Meets the other ranks of {@code world}.
     *
     * @param name of the group, empty for that of all ranks
     * @param rendezvous how long to wait for them to appear
     * @param timeout how long any later operation may wait for another rank
     * @param ncclStore null where the ranks compute on CPUs
     */
    GlooGroup(
            MeetingPlace place,
            String name,
            World world,
            Duration rendezvous,
            Duration timeout,
            NativeStore ncclStore) {
        try (Scope scope = Scope.open();
                GlooMeeting meeting = new GlooMeeting(place, name, world, rendezvous)) {
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(milliseconds(rendezvous));
            String host = MeetingPlace.host(world, world.rank());
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(host)));
            options.threads(THREADS);
            this.group =
                    Scope.own(meeting.form(store -> new ProcessGroupGloo(store, world.rank(), world.size(), options)));
            group.setTimeout(milliseconds(timeout));
            this.nccl = ncclStore == null ? null : new NcclGroup(ncclStore, name, world, timeout);
        }
    }

    /** What moves tensors of the CPU, and facts. */
    Backend group() {
        return group;
    }

    /** What moves {@code tensor}: NCCL where it lies on a GPU. */
    Backend group(Tensor tensor) {
        return nccl != null && tensor.is_cuda() ? nccl.group() : group;
    }

    private static Milliseconds milliseconds(Duration duration) {
        return new Milliseconds(duration.toMillis());
    }

    @Override
    public void close() {
        if (nccl != null) {
            nccl.close();
        }
        Scope.release(group);
    }
}
