package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What lies in a folder of checkpoints on any file system, looked at as a stranger would. */
record Checkpoints(FileSystem files, Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MANIFEST = "manifest.json";

    /** Steps that have a folder, committed or not. */
    SortedSet<Integer> steps() throws IOException {
        SortedSet<Integer> steps = new TreeSet<>();
        for (String name : names(folder)) {
            steps.add(Integer.valueOf(name.substring("step-".length())));
        }
        return steps;
    }

    /** Steps that have a manifest. */
    SortedSet<Integer> committed() throws IOException {
        SortedSet<Integer> steps = steps();
        steps.removeIf(step -> !exists(new Path(folder, "step-" + step + "/" + MANIFEST)));
        return steps;
    }

    /** All files that the manifest of {@code step} lists are there with its bytes, and no others. */
    void requireWhole(int step) throws Exception {
        Path own = new Path(folder, "step-" + step);
        JsonNode manifest;
        try (InputStream in = files.open(new Path(own, MANIFEST))) {
            manifest = JSON.readTree(in);
        }
        Set<String> listed = new TreeSet<>(Set.of(MANIFEST));
        for (JsonNode file : manifest.get("checkpoint").get("files")) {
            String path = file.get("path").asText();
            listed.add(path);
            assertThat(sha256(new Path(own, path)))
                    .as(path)
                    .isEqualTo(file.get("sha256").asText());
        }
        assertThat(listed).hasSizeGreaterThan(2);
        assertThat(names(own)).isEqualTo(listed);
    }

    private String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(files.open(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Set<String> names(Path of) throws IOException {
        try {
            return new TreeSet<>(Arrays.stream(files.listStatus(of))
                    .map(FileStatus::getPath)
                    .map(Path::getName)
                    .toList());
        } catch (FileNotFoundException none) {
            return new TreeSet<>();
        }
    }

    private boolean exists(Path file) {
        try {
            return files.exists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() throws IOException {
        files.delete(folder, true);
    }
}
