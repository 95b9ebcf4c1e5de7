package io.apus.hub.repo;

import io.apus.schemas.UserError;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names that come from a hub or an archive and are about to become files: they must stay below the folder that they are put in,
 * on every operating system.
 */
public final class RepoPath {
    /** Leaves room for the ending of a file that is still being written; file systems allow 255 bytes a name. */
    private static final int LONGEST_PART = 230;

    private static final int LONGEST = 1024;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    private RepoPath() {}

    /** Why {@code path} may not become a file; empty when it may: a relative path with {@code /} between its parts. */
    public static Optional<String> fault(String path) {
        if (path.isEmpty()) {
            return Optional.of("is empty");
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            return Optional.of("has a control character");
        }
        if (path.indexOf('\\') >= 0) {
            return Optional.of("has a backslash");
        }
        if (path.startsWith("/") || DRIVE.matcher(path).matches()) {
            return Optional.of("is absolute");
        }
        if (bytes(path) > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " bytes");
        }
        return partFault(path);
    }

    private static Optional<String> partFault(String path) {
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                return Optional.of("leads out of its folder");
            }
            if (part.isEmpty() || part.equals(".")) {
                return Optional.of("has an empty part");
            }
            if (bytes(part) > LONGEST_PART) {
                return Optional.of("has a part longer than " + LONGEST_PART + " bytes");
            }
            if (DRIVE.matcher(part).matches()) {
                return Optional.of("has a drive letter");
            }
        }
        return Optional.empty();
    }

    /** Refuses a path that may not become a file. */
    public static void check(String problem, String path) {
        fault(path).ifPresent(fault -> {
            throw new UserError(
                    problem, "the name " + shown(path) + " " + fault, "Such names are never written to disk.");
        });
    }

    /** Refuses two names that are one file on some file systems, and a file that is another's folder. */
    public static void checkTogether(String problem, List<String> paths) {
        Map<String, String> seen = new HashMap<>();
        for (String path : paths) {
            String other = seen.put(path.toLowerCase(Locale.ROOT), path);
            if (other != null) {
                throw clash(problem, other, path);
            }
        }
        for (String path : paths) {
            String folded = path.toLowerCase(Locale.ROOT);
            for (int slash = folded.lastIndexOf('/'); slash > 0; slash = folded.lastIndexOf('/', slash - 1)) {
                String above = seen.get(folded.substring(0, slash));
                if (above != null) {
                    throw clash(problem, above, path);
                }
            }
        }
    }

    private static UserError clash(String problem, String first, String second) {
        return new UserError(
                problem,
                shown(first) + " and " + shown(second) + " cannot both be files on every file system",
                "Choose one of them with a pattern.");
    }

    /** A name as an error may print it: quoted, short, without control characters. */
    public static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (clean.length() > 120 ? clean.substring(0, 120) + "..." : clean) + "\"";
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
