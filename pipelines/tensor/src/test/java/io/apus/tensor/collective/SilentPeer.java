package io.apus.tensor.collective;

import io.apus.schemas.World;
import java.time.Duration;
import java.util.List;

/** Rank 1 of 2 in a process of its own: meets rank 0, passes one barrier and then does nothing until it is killed. */
final class SilentPeer {
    private SilentPeer() {}

    public static void main(String[] endpoints) throws InterruptedException {
        Duration minute = Duration.ofMinutes(1);
        try (Collectives group = GlooCollectives.join(new World(1, 2, List.of(endpoints), 0), minute, minute)) {
            group.barrier();
            Thread.sleep(minute.toMillis());
        }
    }
}
