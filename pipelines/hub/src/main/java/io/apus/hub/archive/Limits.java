package io.apus.hub.archive;

/**
 * What an archive may become.
 *
 * @param bytes of all files together
 * @param entries files and folders
 * @param ratio unpacked bytes for each packed one; not asked of the first 16 MiB, as little text packs extremely well
 */
public record Limits(long bytes, int entries, int ratio) {
    /** 256 GiB, a million entries, 200 to 1. */
    public static final Limits USUAL = new Limits(256L << 30, 1_000_000, 200);

    static final long FREE_OF_RATIO = 16L << 20;
}
