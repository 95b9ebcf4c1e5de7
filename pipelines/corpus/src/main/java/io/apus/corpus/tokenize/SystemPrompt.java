package io.apus.corpus.tokenize;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The option {@code system}, as ms-swift reads it. */
public final class SystemPrompt {
    private static final long MAX_BYTES = 1 << 20;

    private SystemPrompt() {}

    /** The text itself, its {@code \n} as line breaks; or what stands in the file that the option names, where it ends in .txt. */
    public static String text(String option) {
        if (option == null || !option.endsWith(".txt")) {
            return option == null ? null : option.replace("\\n", "\n");
        }
        Path file = Path.of(option);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is larger than 1 MiB");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the system prompt " + option, String.valueOf(e.getMessage()), "Check system.", e);
        }
    }
}
