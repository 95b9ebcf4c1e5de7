package io.apus.jobs.data.killed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.launch.Sessions;
import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killing the driver and running again gives the same bytes, and two drivers cannot work in one folder; {@link KilledRunIT} kills in every phase. */
class KilledRunTest {
    @TempDir
    Path folder;

    @Test
    void aRunThatIsKilledTwiceEndsLikeOneThatIsNot() throws Exception {
        SmallRun small = new SmallRun(folder);
        Path killed = small.file("killed");
        for (String phase : List.of("filter: writing clean", "pack: writing placement")) {
            try (ChildRun child = ChildRun.start(killed, phase)) {
                child.await(phase);
                if (phase.startsWith("filter")) {
                    twoRunsInOneFolder(killed);
                }
                child.kill();
            }
        }
        SmallRun.runHere(killed);
        SmallRun.runHere(small.file("straight"));

        assertThat(small.traces("killed", Sessions.forReading("traces")))
                .isEqualTo(small.traces("straight", Sessions.forReading("traces")));
    }

    private static void twoRunsInOneFolder(Path file) {
        assertThatThrownBy(() -> SmallRun.runHere(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("another run is at work there")
                .message()
                .hasLineCount(1);
    }
}
