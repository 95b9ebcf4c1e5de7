package io.apus.hub.repo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a file's bytes must hash to.
 *
 * @param hex lower-case hexadecimal; empty for {@link Kind#NONE}
 */
public record Checksum(Kind kind, String hex) {
    /** SHA-256 of the bytes (files in LFS), git's SHA-1 of a blob (small files), or unknown. */
    public enum Kind {
        SHA256(Pattern.compile("[0-9a-f]{64}")),
        GIT_BLOB(Pattern.compile("[0-9a-f]{40}")),
        NONE(Pattern.compile(""));

        private final Pattern shape;

        Kind(Pattern shape) {
            this.shape = shape;
        }
    }

    public static final Checksum NONE = new Checksum(Kind.NONE, "");

    public Checksum {
        if (!kind.shape.matcher(hex).matches()) {
            throw new IllegalArgumentException(RepoPath.shown(hex) + " is no " + kind);
        }
    }

    /** Whether {@code hex} has the shape of a checksum of this kind. */
    public static boolean isValid(Kind kind, String hex) {
        return kind.shape.matcher(hex).matches();
    }

    /** A digest that has eaten what precedes the {@code size} bytes of the file. */
    public MessageDigest digest(long size) {
        MessageDigest digest = algorithm(kind == Kind.GIT_BLOB ? "SHA-1" : "SHA-256");
        if (kind == Kind.GIT_BLOB) {
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        return digest;
    }

    /** Whether a finished digest is this checksum; always true where none is known. */
    public boolean matches(MessageDigest finished) {
        return kind == Kind.NONE || HexFormat.of().formatHex(finished.digest()).equals(hex);
    }

    private static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
    }
}
