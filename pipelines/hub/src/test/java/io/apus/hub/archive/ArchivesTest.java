package io.apus.hub.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives come from strangers: what is good is unpacked, what is not leaves nothing. */
class ArchivesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rows.zip", "rows.tar", "rows.tar.gz", "rows.TGZ"})
    void filesComeOutInTheirFolders(String name) throws IOException {
        byte[] tar = new TarBuilder()
                .folder("d/")
                .file("./a.json", "[1]")
                .file("d/b.txt", "é")
                .file("d/empty", "")
                .bytes();
        byte[] zip = zip("d/", "", "a.json", "[1]", "d/b.txt", "é", "d/empty", "");
        boolean isTar = name.endsWith(".tar");
        List<Path> files = unpack(name, name.endsWith(".zip") ? zip : isTar ? tar : TarBuilder.gzip(tar));

        Path target = folder.resolve("out");
        assertThat(files)
                .containsExactly(target.resolve("a.json"), target.resolve("d/b.txt"), target.resolve("d/empty"));
        assertThat(target.resolve("a.json")).hasContent("[1]");
        assertThat(target.resolve("d/b.txt")).hasContent("é");
    }

    @Test
    void longNamesOfBothKindsAreRead() {
        String name = "folder/".repeat(20) + "rows.json";
        byte[] tar = new TarBuilder()
                .longName("gnu/" + name)
                .file("short", "1")
                .pax("mtime=1.5", "path=pax/" + name)
                .file("short", "2")
                .bytes();

        Path target = folder.resolve("out");
        assertThat(unpack("a.tar", tar)).containsExactly(target.resolve("gnu/" + name), target.resolve("pax/" + name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/x", "C:\\x", "\\\\h\\s", "a/./b"})
    void namesThatLeadElsewhereAreRefused(String name) throws IOException {
        assertRefused("a.zip", zip("good", "1", name, "2"), "the name");
        assertRefused(
                "a.tar", new TarBuilder().file("good", "1").file(name, "2").bytes(), "the name");
        assertRefused("a.tar", new TarBuilder().longName(name).file("good", "1").bytes(), "the name");
        assertRefused(
                "a.tar", new TarBuilder().pax("path=" + name).file("good", "1").bytes(), "the name");
    }

    @Test
    void linksAndDevicesAreRefused() throws IOException {
        assertRefused("a.tar", new TarBuilder().entry("l", '2', new byte[0]).bytes(), "a link");
        assertRefused("a.tar", new TarBuilder().entry("l", '1', new byte[0]).bytes(), "a link");
        assertRefused("a.tar", new TarBuilder().entry("d", '3', new byte[0]).bytes(), "neither a file nor a folder");
    }

    @Test
    void namesThatAreOneFileAreRefused() throws IOException {
        assertRefused("a.tar", new TarBuilder().file("a", "1").file("A", "2").bytes(), "cannot both be files");
        assertRefused("a.tar", new TarBuilder().file("a", "1").file("a", "2").bytes(), "FileAlreadyExists");
        assertRefused("a.tar", new TarBuilder().file("a", "1").file("a/b", "2").bytes(), "Cannot unpack");
    }

    @Test
    void bombsAreRefused() throws IOException {
        byte[] zeros = new byte[40 << 20];
        byte[] bomb =
                TarBuilder.gzip(new TarBuilder().entry("zeros", '0', zeros).bytes());
        assertRefused("a.tgz", bomb, "more than 200 times its size");
        assertRefused(
                "a.zip", zip("zeros", new String(zeros, StandardCharsets.US_ASCII)), "more than 200 times its size");
        byte[] three = new TarBuilder()
                .file("a", "123")
                .file("b", "456")
                .file("c", "7")
                .bytes();
        assertRefused("a.tar", three, new Limits(6, 10, 10), "more than 6 bytes");
        assertRefused("a.tar", three, new Limits(10, 2, 10), "more than 2 entries");
    }

    @Test
    void damagedOnesAreRefused() throws IOException {
        byte[] tar = new TarBuilder().file("a", "1".repeat(2000)).bytes();
        byte[] flipped = tar.clone();
        flipped[3] ^= 1;
        assertRefused("a.tar", flipped, "damaged");
        assertRefused("a.tar", Arrays.copyOf(tar, 1500), "ends too early");
        assertRefused("a.tar", new byte[0], "no tar file");
        assertRefused("a.tgz", tar, "Not in GZIP format");
        assertRefused("a.zip", tar, "no zip file");
        assertRefused("a.rar", tar, "is no zip, tar");
        assertRefused(
                "a.tar",
                new TarBuilder()
                        .entry("x", 'x', "999 path=x\n".getBytes(StandardCharsets.US_ASCII))
                        .bytes(),
                "damaged");
    }

    private void assertRefused(String name, byte[] archive, String words) throws IOException {
        assertRefused(name, archive, Limits.USUAL, words);
    }

    private void assertRefused(String name, byte[] archive, Limits limits, String words) throws IOException {
        Path file = Files.write(folder.resolve(name), archive);
        assertThatThrownBy(() -> Archives.unpack(file, folder.resolve("out"), limits))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(words)
                .satisfies(error -> assertThat(error.getMessage().lines()).hasSize(1));
        Files.delete(file);
        assertThat(folder).isEmptyDirectory();
    }

    private List<Path> unpack(String name, byte[] archive) {
        try {
            return Archives.unpack(Files.write(folder.resolve(name), archive), folder.resolve("out"), Limits.USUAL);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Names and contents in turn. */
    private static byte[] zip(String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries.length; i += 2) {
                zip.putNextEntry(new ZipEntry(entries[i]));
                zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
