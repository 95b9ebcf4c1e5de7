package io.apus.schemas.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What belongs to a Hugging Face model folder besides weights and config.json, and travels with the model unchanged. */
public final class CompanionFiles {
    private static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json");

    private CompanionFiles() {}

    /** Copies those that {@code from} has. */
    public static void copy(Path from, Path to) {
        try {
            for (String name : NAMES) {
                if (Files.isRegularFile(from.resolve(name))) {
                    Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the tokenizer to " + to, e);
        }
    }
}
