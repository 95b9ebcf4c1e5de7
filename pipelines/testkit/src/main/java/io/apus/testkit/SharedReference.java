package io.apus.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the golden references that lie beside the project ({@code ../shared}); a test that needs an absent one is skipped with a message. */
public final class SharedReference {
    private SharedReference() {}

    /** The project's root folder, whichever module the test runs in. */
    public static Path projectRoot() {
        String given = System.getProperty("apus.root");
        if (given != null) {
            return Path.of(given);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** The file or folder {@code name} below {@code ../shared}, e.g. {@code golden/models/qwen3}; skips the calling test where it is absent. */
    public static Path path(String name) {
        Path found = projectRoot().resolveSibling("shared").resolve(name);
        Assumptions.assumeTrue(Files.exists(found), () -> "skipped: the reference ../shared/" + name + " is not here");
        return found;
    }
}
