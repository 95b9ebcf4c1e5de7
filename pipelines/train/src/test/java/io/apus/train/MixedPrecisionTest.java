package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.World;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs with products in bfloat16, on a CPU, where it is slower and says the same as on a GPU. */
class MixedPrecisionTest {
    private static final String BFLOAT16 = "bfloat16";

    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    private TrainTask task(String name, String tuner) {
        return tiny.task(name, tuner, all -> {
            all.put("maxSteps", 8);
            all.put("saveStrategy", "steps");
            all.put("saveSteps", 3);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "lora"})
    void lossesFollowThoseOfFloat32(String tuner) {
        List<JsonNode> exact = new ArrayList<>();
        List<JsonNode> narrow = new ArrayList<>();
        Trainer.run(task("exact", tuner), World.alone(), line -> TinyRun.addStep(exact, line));
        Trainer.run(
                task("narrow", tuner).withTorchDtype(BFLOAT16), World.alone(), line -> TinyRun.addStep(narrow, line));

        assertThat(narrow).hasSameSizeAs(exact).hasSize(8);
        for (int i = 0; i < exact.size(); i++) {
            // A step's loss is off by 2^-6 at most, see PrecisionTest of the model; eight steps apart no more than
            // twice that.
            assertThat(narrow.get(i).path("loss").asDouble())
                    .isCloseTo(exact.get(i).path("loss").asDouble(), Offset.offset(1.0 / 32));
        }
        assertThat(narrow.get(7)).isNotEqualTo(exact.get(7));
    }

    @Test
    void whatLearnsIsKeptInFloat32AndGoesOnAsIfNothingHadHappened() throws Exception {
        Trainer.run(task("straight", "full").withTorchDtype(BFLOAT16), World.alone(), TrainReports.none());
        TrainTask stopped = task("stopped", "full").withTorchDtype(BFLOAT16);
        assertThatThrownBy(() -> Trainer.run(stopped, World.alone(), line -> {
                    if (line.contains("\"step\":5")) {
                        throw new IllegalStateException("stopped");
                    }
                }))
                .hasMessageContaining("stopped");
        TrainResult rest = Trainer.run(stopped, World.alone(), TrainReports.none());

        assertThat(rest.resumedFrom()).isEqualTo(3);
        assertThat(TinyTask.weights(folder.resolve("stopped"))).isEqualTo(TinyTask.weights(folder.resolve("straight")));
        try (SafeTensorsFile saved = SafeTensorsFile.open(parameters(folder.resolve("straight/checkpoints/step-6")))) {
            assertThat(Stream.of(saved.names().toArray(String[]::new))
                            .map(name -> saved.info(name).dtype()))
                    .containsOnly(DType.F32);
        }
    }

    @Test
    void anotherTypeThanBeforeIsAChange() {
        Trainer.run(task("run", "lora"), World.alone(), TrainReports.none());
        assertThatThrownBy(() ->
                        Trainer.run(task("run", "lora").withTorchDtype(BFLOAT16), World.alone(), TrainReports.none()))
                .hasMessageContaining("torch_dtype");
    }

    private static Path parameters(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint)) {
            return files.filter(file -> file.getFileName().toString().startsWith("parameters-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
