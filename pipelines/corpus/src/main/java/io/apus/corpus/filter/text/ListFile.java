package io.apus.corpus.filter.text;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A list that a user wrote: one entry a line in UTF-8; empty lines and those that begin with {@code #} do not count. */
final class ListFile {
    private static final long MAX_BYTES = 64L << 20;

    /** An entry and the line, from 1, that it stands in. */
    record Line(int number, String text) {}

    private ListFile() {}

    /** The entries of the file in order; none where {@code path} is empty. */
    static List<Line> read(String path) {
        if (path.isEmpty()) {
            return List.of();
        }
        try {
            if (Files.size(Path.of(path)) > MAX_BYTES) {
                throw new IOException("it is larger than 64 MiB");
            }
            List<Line> entries = new ArrayList<>();
            int number = 0;
            for (String line : Files.readAllLines(Path.of(path))) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    entries.add(new Line(number, line.strip()));
                }
            }
            return entries;
        } catch (CharacterCodingException e) {
            throw new UserError("Cannot read the blocklist " + path, "it is not UTF-8", "Save it as UTF-8.", e);
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the blocklist " + path,
                    Files.exists(Path.of(path)) ? String.valueOf(e.getMessage()) : "there is no such file",
                    "Paths start where the run is started.",
                    e);
        }
    }
}
