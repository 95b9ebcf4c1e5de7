package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers spread over devices: what of it can be seen where the CPU is the only one. */
class DeviceMapTest {
    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @Test
    void aMapOntoOneDeviceChangesNoBit() throws Exception {
        long before = Scope.liveNatives();
        run("plain", Map.of());
        List<String> messages = run("auto", Map.of("deviceMap", Map.of("", "auto")));
        run("named", Map.of("deviceMap", Map.of("model", "cpu", "model.layers.1", "cpu")));

        assertThat(TinyTask.weights(folder.resolve("auto"))).isEqualTo(TinyTask.weights(folder.resolve("plain")));
        assertThat(TinyTask.weights(folder.resolve("named"))).isEqualTo(TinyTask.weights(folder.resolve("plain")));
        assertThat(messages.get(0))
                .contains("\"device_map\":\"cpu model.embed_tokens to the final norm and the head (");
        assertThat(Scope.liveNatives()).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheArithmetic() {
        assertThatThrownBy(() ->
                        run("small", Map.of("deviceMap", Map.of("", "balanced"), "maxMemory", Map.of("cpu", "100KiB"))))
                .hasMessageContaining("need 0.4 MiB with what is trained")
                .hasMessageContaining("cpu has 0.1 MiB, together 0.1 MiB");
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> run("gone", Map.of("deviceMap", Map.of("", "97"))))
                .hasMessageContaining("cuda:97");
        Map<String, String> memory = Map.of("cpu", "1GiB", "97", "1GiB");
        assertThatThrownBy(() -> run("gone", Map.of("deviceMap", Map.of("", "auto"), "maxMemory", memory)))
                .hasMessageContaining("cuda:97");
    }

    private List<String> run(String output, Map<String, Object> placement) {
        List<String> messages = new ArrayList<>();
        TrainTask task = tiny.task(output, "lora", all -> {
            all.put("maxSteps", 3);
            all.put("sharing", Map.of("placement", placement));
        });
        Trainer.run(task, World.alone(), messages::add);
        return messages;
    }
}
