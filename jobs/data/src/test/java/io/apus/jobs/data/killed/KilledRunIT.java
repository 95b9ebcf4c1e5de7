package io.apus.jobs.data.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.jobs.launch.Sessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver is killed at the beginning of every phase there is, and at the end of every stage. */
class KilledRunIT {
    @TempDir
    Path folder;

    @Test
    void aRunThatIsKilledInEveryPhaseEndsLikeOneThatIsNot() throws Exception {
        SmallRun small = new SmallRun(folder);
        List<String> phases = new ArrayList<>();
        RunChild.run(small.file("straight"), phases::add);
        Path killed = small.file("killed");
        for (String phase : phases) {
            try (ChildRun child = ChildRun.start(killed, phase)) {
                child.await(phase);
                child.kill();
            }
        }
        try (ChildRun last = ChildRun.start(killed, "")) {
            assertThat(last.end()).isZero();
        }

        assertThat(phases).hasSizeGreaterThan(18).doesNotHaveDuplicates();
        assertThat(small.traces("killed", Sessions.forReading("traces")))
                .isEqualTo(small.traces("straight", Sessions.forReading("traces")));
    }
}
