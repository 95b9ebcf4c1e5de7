package io.apus.hub.repo;

/** Hears how far a download is. Files are fetched side by side: calls come from several threads. */
public interface HubProgress {
    /** Hears nothing. */
    HubProgress NONE = new HubProgress() {};

    /** {@code files} files of {@code bytes} bytes together will be fetched; files found in the cache are not counted. */
    default void begin(int files, long bytes) {}

    /** {@code bytes} more are here, found from an earlier try or received; negative when they had to be thrown away. */
    default void advance(long bytes) {}

    /** {@code file} is in place and its size and checksum are right. */
    default void done(RepoFile file) {}

    /** Something that the user may want to know, e.g. that the hub could not be reached and the cache was used. */
    default void note(String line) {}
}
