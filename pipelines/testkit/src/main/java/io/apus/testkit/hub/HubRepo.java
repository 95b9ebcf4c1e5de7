package io.apus.testkit.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A repository of a {@link LoopbackHub}, in memory. The listing says what the files are told to be, hostile or not. */
public final class HubRepo {
    /** A file, and whether it is kept in LFS. */
    static final class Blob {
        private final String path;
        private final byte[] bytes;
        private final boolean lfs;
        private final boolean link;

        Blob(String path, byte[] bytes, boolean lfs, boolean link) {
            this.path = path;
            this.bytes = bytes;
            this.lfs = lfs;
            this.link = link;
        }

        String path() {
            return path;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean lfs() {
            return lfs;
        }

        boolean link() {
            return link;
        }

        String sha256() {
            return hash("SHA-256", bytes);
        }

        /** Git's id of the blob. */
        String gitId() {
            byte[] head = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
            byte[] all = new byte[head.length + bytes.length];
            System.arraycopy(head, 0, all, 0, head.length);
            System.arraycopy(bytes, 0, all, head.length, bytes.length);
            return hash("SHA-1", all);
        }
    }

    private static final Set<String> BRANCHES = Set.of("main", "master");

    private final Map<String, Blob> blobs = new LinkedHashMap<>();
    private String neededToken = "";
    private boolean gated;

    /** Adds or replaces a small file. */
    public HubRepo put(String path, String text) {
        return put(new Blob(path, text.getBytes(StandardCharsets.UTF_8), false, false));
    }

    /** Adds or replaces a file in LFS, which is served from the second address. */
    public HubRepo putLarge(String path, byte[] bytes) {
        return put(new Blob(path, bytes.clone(), true, false));
    }

    /** Adds an entry that is a symbolic link. */
    public HubRepo putLink(String path, String target) {
        return put(new Blob(path, target.getBytes(StandardCharsets.UTF_8), false, true));
    }

    private HubRepo put(Blob blob) {
        blobs.put(blob.path(), blob);
        return this;
    }

    /** Only whoever sends {@code token} sees it; to others it seems absent (Hugging Face answers 401, ModelScope 404). */
    public HubRepo needsToken(String token) {
        neededToken = token;
        return this;
    }

    /** Listed for everyone, its files refused: access must be asked for. */
    public HubRepo gated() {
        gated = true;
        return this;
    }

    /** The commit: a hash over all files, so it changes with them. */
    public String commit() {
        StringBuilder tree = new StringBuilder();
        blobs.values().forEach(blob -> tree.append(blob.path())
                .append(' ')
                .append(blob.gitId())
                .append('\n'));
        return hash("SHA-1", tree.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What a file's blob is called in a Hugging Face cache. */
    public String etag(String path) {
        Blob blob = blobs.get(path);
        return blob.lfs() ? blob.sha256() : blob.gitId();
    }

    boolean hasRevision(String revision) {
        return BRANCHES.contains(revision) || revision.equals(commit());
    }

    boolean isOpenTo(String token) {
        return neededToken.isEmpty() || neededToken.equals(token);
    }

    boolean isGated() {
        return gated;
    }

    Collection<Blob> files() {
        return blobs.values();
    }

    Optional<Blob> file(String path) {
        return Optional.ofNullable(blobs.get(path));
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
