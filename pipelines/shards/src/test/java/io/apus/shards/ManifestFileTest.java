package io.apus.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {
    @TempDir
    Path folder;

    @Test
    void aManifestReadsBackEqual() {
        Path file = folder.resolve("ingest/manifest.json");
        Manifest manifest = manifest(Map.of("rows", 7, "fill", 0.5, "by_dataset", Map.of("a.json", 3)));

        ManifestFile.write(file, manifest);

        assertThat(ManifestFile.read(file)).isEqualTo(manifest);
    }

    @Test
    void equalManifestsAreEqualBytesWhateverTheOrderOfTheirMaps() throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("z", 1);
        facts.put("a", 2);
        Map<String, Object> reordered = new LinkedHashMap<>();
        reordered.put("a", 2);
        reordered.put("z", 1);

        ManifestFile.write(folder.resolve("one.json"), manifest(facts));
        ManifestFile.write(folder.resolve("two.json"), manifest(reordered));

        assertThat(Files.mismatch(folder.resolve("one.json"), folder.resolve("two.json")))
                .isEqualTo(-1);
    }

    @Test
    void writingReplacesAtomicallyAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("manifest.json");
        ManifestFile.write(file, manifest(Map.of("a", 1)));
        ManifestFile.write(file, manifest(Map.of("a", 2)));

        assertThat(ManifestFile.read(file).facts()).containsEntry("a", 2);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anAccountingThatDoesNotAddUpIsRefusedOnReading() throws IOException {
        Path file = folder.resolve("manifest.json");
        ManifestFile.write(file, manifest(Map.of()));
        Files.writeString(file, Files.readString(file).replace("\"kept\" : 8", "\"kept\" : 9"));

        assertThatThrownBy(() -> ManifestFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("add up");
    }

    private static Manifest manifest(Map<String, Object> facts) {
        return new Manifest(
                "ingest",
                "c1",
                Map.of("ingest.dataset", "a.json"),
                "f1",
                42,
                "0.1.0",
                Map.of(),
                List.of(new Manifest.Output(
                        "samples", "ingest/samples", 1, 8, List.of(new Manifest.FileEntry("x", 3, "ab")))),
                new Accounting(10, 8, Map.of("broken_json", 2L)),
                facts,
                "2026-01-01T00:00:00Z",
                1.5);
    }
}
