package io.apus.hub;

import static io.apus.hub.repo.RepoKind.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.apus.hub.repo.HubProgress;
import io.apus.hub.select.FileSelection;
import io.apus.testkit.hub.Asked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoAtOnceTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"hf", "ms"})
    void whoeverComesSecondWaitsAndFindsTheFile(String name) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (HubFixture fixture = new HubFixture(folder)) {
            byte[] bytes = HubFixture.bytes(2_000_000);
            fixture.server.model("org/m").putLarge("model.safetensors", bytes);
            Callable<RepoFolder> download =
                    () -> fixture.hub(name).snapshot(MODEL, "org/m", "", FileSelection.all(), HubProgress.NONE);
            for (Future<RepoFolder> done : threads.invokeAll(List.of(download, download, download, download))) {
                assertThat(Files.readAllBytes(done.get().paths().get(0))).isEqualTo(bytes);
            }
            assertThat(fixture.server.asked().stream().filter(Asked::files)).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
