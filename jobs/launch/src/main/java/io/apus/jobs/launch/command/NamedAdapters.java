package io.apus.jobs.launch.command;

import io.apus.schemas.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adapter folders as a command line names them: {@code NAME=FOLDER}, or a folder alone, which its last part then names. */
public final class NamedAdapters {
    /** What stands for no adapter at all. */
    public static final String BASE = "base";

    private NamedAdapters() {}

    /**
     * The folders by name, in the order of {@code words}.
     *
     * @throws UserError if two have one name, or one has a name that cannot be asked for
     */
    public static Map<String, Path> of(List<String> words) {
        Map<String, Path> named = new LinkedHashMap<>();
        for (String word : words) {
            int equals = isFolder(word) ? -1 : word.indexOf('=');
            Path path = path(word.substring(equals + 1));
            String name = equals < 0 ? lastPart(path) : word.substring(0, equals);
            if (!name.matches("[^\\s=]+") || name.equals(BASE)) {
                throw unusable(word, "\"" + name + "\" cannot be an adapter's name");
            }
            if (named.put(name, path) != null) {
                throw unusable(word, "two adapters are called \"" + name + "\"");
            }
        }
        return named;
    }

    /** Whether a word gives its adapter a name. */
    public static boolean isNamed(String word) {
        return !isFolder(word) && word.indexOf('=') >= 0;
    }

    private static boolean isFolder(String word) {
        return Files.isDirectory(path(word));
    }

    private static Path path(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            throw new UserError("Cannot use adapter " + word, "it is no path: " + e.getReason(), "", e);
        }
    }

    private static String lastPart(Path path) {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    private static UserError unusable(String word, String cause) {
        return new UserError("Cannot use adapter " + word, cause, "Write --adapters NAME=FOLDER.");
    }
}
