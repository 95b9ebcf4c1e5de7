package io.apus.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.manifest.ShardManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed dataset is refused, whatever changed, and the refusal names the file. */
class ShardDamageTest {
    @TempDir
    Path folder;

    private ShardManifest manifest;

    @BeforeEach
    void write() {
        try (ShardWriter writer = new ShardWriter(folder, "train", 64, "abc", 1_000)) {
            Rows.random(60, 64, 21).forEach(writer::add);
            manifest = writer.commit();
        }
    }

    @Test
    void oneFlippedByteIsRefused() throws IOException {
        Path file = folder.resolve("part-00001.arrow");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> ShardReader.open(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("part-00001.arrow")
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("run pack again");
    }

    @Test
    void aMissingShardIsRefused() throws IOException {
        Files.delete(folder.resolve("part-00001.arrow"));

        assertThatThrownBy(() -> ShardReader.open(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("part-00001.arrow")
                .hasMessageContaining("does not exist");
    }

    @Test
    void aCutShardIsRefused() throws IOException {
        Path file = folder.resolve("part-00000.arrow");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));

        assertThatThrownBy(() -> ShardReader.open(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(" bytes");
    }

    @Test
    void anAbsentFolderSaysWhatToRun() {
        assertThatThrownBy(() -> ShardReader.open(folder.resolve("nothing")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("does not exist. Run the pack stage.");
    }

    @Test
    void aManifestThatPointsElsewhereIsRefused() {
        ShardManifest.Shard first = manifest.shards().get(0);
        commit(List.of(new ShardManifest.Shard(
                "../" + first.path(), first.rows(), first.tokens(), first.bytes(), first.sha256())));

        assertThatThrownBy(() -> ShardReader.open(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no file of this folder");
    }

    @Test
    void aManifestWhoseTotalsDoNotAddUpIsRefused() throws IOException {
        Path file = folder.resolve("manifest.json");
        Files.writeString(
                file, Files.readString(file).replace("\"rows\" : " + manifest.rows() + ",", "\"rows\" : 61,"));

        assertThatThrownBy(() -> ShardReader.open(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("totals");
    }

    @Test
    void brokenManifestTextIsAUserError() throws IOException {
        for (String text : List.of("", "null", "[1]", "{\"split\": 1}", "{} x", "{\"rows\": 1, \"rows\": 2}")) {
            Files.writeString(folder.resolve("manifest.json"), text);

            assertThatThrownBy(() -> ShardReader.open(folder)).as(text).isInstanceOf(UserError.class);
        }
    }

    /** With the manifest forged to match, only the checks of the file's own structure are left: none may crash or read outside. */
    @Test
    void forgedBytesNeverEscapeTheFile() throws IOException {
        Path file = folder.resolve("part-00000.arrow");
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(5);
        int refused = 0;
        for (int attempt = 0; attempt < 800; attempt++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = random.nextBoolean() ? random.nextInt(bytes.length) : bytes.length - 1 - random.nextInt(1_500);
                bytes[at] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            forge(file);
            refused += refuses() ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 799);
    }

    private boolean refuses() {
        try {
            ShardReader reader = ShardReader.open(folder);
            for (long row = 0; row < reader.rows(); row++) {
                reader.row(row);
            }
            return false;
        } catch (UserError expected) {
            return true;
        }
    }

    private void forge(Path file) throws IOException {
        ShardManifest.Shard first = manifest.shards().get(0);
        commit(List.of(new ShardManifest.Shard(
                first.path(), first.rows(), first.tokens(), Files.size(file), Sha256.of(file))));
    }

    private void commit(List<ShardManifest.Shard> shards) {
        List<WrittenShard> written = shards.stream()
                .map(shard -> new WrittenShard(
                        shard.path(), shard.rows(), shard.tokens(), shard.bytes(), shard.sha256(), 0, 0))
                .toList();
        ShardFolder.commit(folder, "train", 64, "abc", written);
    }
}
