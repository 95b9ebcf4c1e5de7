package io.apus.jobs.launch.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.testkit.hub.LoopbackHub;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DownloadCommandTest {
    @TempDir
    Path folder;

    private final LoopbackHub hub = LoopbackHub.start();

    @BeforeEach
    void serve() {
        hub.model("org/m")
                .put("config.json", "{}")
                .putLarge("model.safetensors", new byte[2500])
                .put("x.bin", "pickle");
        hub.dataset("org/d")
                .put("train.jsonl", "{}\n")
                .put("test.jsonl", "{}\n")
                .put("notes.md", "");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void theFolderIsTheLastLine() {
        List<String> lines = download("hf::org/m");

        assertThat(lines.get(lines.size() - 2)).startsWith("2 files, 2.5 kB, at ");
        Path model = Path.of(lines.get(lines.size() - 1));
        assertThat(model).startsWith(folder).isDirectoryContaining("glob:**config.json");
        assertThat(model.resolve("x.bin")).doesNotExist();
    }

    @Test
    void aDatasetHasSubsetsSplitsAndPatterns() {
        assertThat(last(download("ms::org/d", "--dataset", "--split", "test")))
                .isDirectoryContaining("glob:**test.jsonl");
        assertThat(last(download("org/d", "--dataset", "--include", "*.md"))).isDirectoryContaining("glob:**notes.md");
        assertThatThrownBy(() -> download("org/m", "--split", "test")).isInstanceOf(UserError.class);
    }

    private static Path last(List<String> lines) {
        return Path.of(lines.get(lines.size() - 1));
    }

    private List<String> download(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, String> env =
                Map.of("HOME", folder.toString(), "HF_ENDPOINT", hub.endpoint(), "MODELSCOPE_ENDPOINT", hub.endpoint());
        DownloadCommand command = new DownloadCommand(new PrintStream(out, true, StandardCharsets.UTF_8), env);
        new CommandLine(command).parseArgs(words);
        command.call();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
