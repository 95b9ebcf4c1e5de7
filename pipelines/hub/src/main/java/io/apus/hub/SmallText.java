package io.apus.hub;

import io.apus.hub.repo.RepoFile;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of cards and indexes; bytes that are no UTF-8 become replacement characters. */
final class SmallText {
    private static final int LARGEST = 32 << 20;

    private SmallText() {}

    static String of(Path folder, RepoFile file) throws IOException {
        check(file);
        return new String(Files.readAllBytes(folder.resolve(file.path())), StandardCharsets.UTF_8);
    }

    static void check(RepoFile file) {
        if (file.size() > LARGEST) {
            throw new UserError("Cannot read " + file.path(), "it has more than " + (LARGEST >> 20) + " MiB", "");
        }
    }
}
