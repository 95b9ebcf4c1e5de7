package io.apus.jobs.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.hub.select.ModelFiles;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.testkit.hub.LoopbackHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubModelsTest {
    @TempDir
    Path folder;

    @Test
    void anIdBecomesAFolderAndAPathStaysAPath() throws IOException {
        try (LoopbackHub hub = LoopbackHub.start()) {
            hub.model("org/small").put("config.json", "{}").put("model.safetensors", "weights");
            HubModels models = models(hub);

            Path model = Path.of(models.folder("hf::org/small", null));

            assertThat(Files.readString(model.resolve("model.safetensors"))).isEqualTo("weights");
            int asked = hub.asked().size();
            assertThat(models.folder(folder.toString(), null)).isEqualTo(folder.toString());
            assertThat(models.folder("src/mistyped", null)).isEqualTo("src/mistyped");
            assertThat(models.folder("model", null)).isEqualTo("model");
            assertThat(hub.asked()).hasSize(asked);
        }
    }

    @Test
    void theModelAndTheAdaptersOfARunAreBroughtHere() {
        try (LoopbackHub hub = LoopbackHub.start()) {
            hub.model("org/small").put("config.json", "{}").put("model.safetensors", "weights");
            hub.model("org/adapter").put("adapter_config.json", "{}").put("adapter_model.safetensors", "weights");
            ModelSpec named =
                    new ModelSpec("hf::org/small", null, null, List.of("hf::org/adapter"), null, "main", null, null);

            ModelSpec here = models(hub).of(run(named)).model();

            assertThat(Path.of(here.model()).resolve("config.json")).exists();
            assertThat(Path.of(here.adapters().get(0)).resolve("adapter_model.safetensors"))
                    .exists();
            assertThat(here.modelRevision()).isEqualTo("main");
        }
    }

    private static RunSpec run(ModelSpec model) {
        IngestSpec ingest = IngestSpec.of(List.of("data.jsonl"));
        return new RunSpec(null, null, null, model, ingest, null, null, null, null, null, null, null);
    }

    @Test
    void filesOfNewTokensAreReadBeforeAnythingIsFingerprinted() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens.txt"), "<one>\n<two>  <three>\n\n");
        RunSpec spec = RunSpecReader.read(
                Optional.empty(),
                List.of(),
                List.of("--model", "m", "--dataset", "d", "--new_special_tokens", "<zero>", file.toString()));
        assertThat(TokenLists.read(spec).model().newTokens().newSpecialTokens())
                .containsExactly("<zero>", "<one>", "<two>", "<three>");
        Files.delete(file);
        assertThatThrownBy(() -> TokenLists.read(spec))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tokens.txt cannot be read");
    }

    private HubModels models(LoopbackHub hub) {
        Map<String, String> env = Map.of(
                "HF_ENDPOINT", hub.endpoint(),
                "HF_HOME", folder.resolve("cache").toString());
        return new HubModels(env, ConsoleProgress.on(System.out, phase -> {}), ModelFiles.all());
    }
}
