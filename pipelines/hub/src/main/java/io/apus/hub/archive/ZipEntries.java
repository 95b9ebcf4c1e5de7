package io.apus.hub.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The entries of a zip file, read from front to back. A link would be told only by the directory at the end, which is not read: it comes
 * out as a small plain file that holds the link's text, so it leads nowhere.
 */
final class ZipEntries {
    private ZipEntries() {}

    static void read(InputStream packed, Unpacked unpacked) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(packed)) {
            int found = 0;
            for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
                found++;
                if (entry.isDirectory()) {
                    unpacked.folder(entry.getName());
                } else {
                    unpacked.file(entry.getName(), zip);
                }
            }
            if (found == 0) {
                throw new ZipException("it has no entries or is no zip file");
            }
        }
    }

    private static ZipEntry next(ZipInputStream zip) throws IOException {
        try {
            return zip.getNextEntry();
        } catch (IllegalArgumentException e) {
            ZipException damaged = new ZipException("an entry's name cannot be read");
            damaged.initCause(e);
            throw damaged;
        }
    }
}
