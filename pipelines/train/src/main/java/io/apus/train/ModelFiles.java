package io.apus.train;

import io.apus.schemas.UserError;
import io.apus.shards.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files of a Hugging Face model folder that decide what the model computes. */
public final class ModelFiles {
    private ModelFiles() {}

    /** SHA-256 over the names and SHA-256 of config.json and all weight files: the identity of a model's computation. */
    public static String fingerprint(Path folder) {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(Files::isRegularFile)
                    .filter(file -> decides(file.getFileName().toString()))
                    .sorted()
                    .forEach(file -> all.append(file.getFileName())
                            .append(' ')
                            .append(Sha256.of(file))
                            .append('\n'));
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the model", folder + " is not a folder that can be listed", "Check --model.", e);
        }
        return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean decides(String name) {
        return name.equals("config.json") || name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json");
    }
}
