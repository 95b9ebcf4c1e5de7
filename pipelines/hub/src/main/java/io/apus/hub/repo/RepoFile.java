package io.apus.hub.repo;

/**
 * A file of a repository, as its listing describes it.
 *
 * @param path below the repository's root, {@code /} between its parts
 * @param size in bytes
 * @param checksum what its bytes must hash to
 * @param gitId git's id of the blob or of the LFS pointer; empty where the listing has none
 * @param link whether the repository holds a symbolic link here: it may be listed, never fetched
 */
public record RepoFile(String path, long size, Checksum checksum, String gitId, boolean link) {
    /** A plain file. */
    public RepoFile(String path, long size, Checksum checksum) {
        this(path, size, checksum, "", false);
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
