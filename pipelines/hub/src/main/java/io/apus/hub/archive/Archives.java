package io.apus.hub.archive;

import io.apus.schemas.UserError;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Unpacks zip, tar and tar.gz that came from elsewhere. Only plain files and folders come out, all below the target; a name that leads
 * elsewhere, a link, a device, two names that are one file on some systems, and more bytes or files than the limits allow are
 * refused. Nothing is left of an archive that is refused.
 */
public final class Archives {
    private Archives() {}

    private static String ending(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return List.of(".tar.gz", ".tgz", ".tar", ".zip").stream()
                .filter(lower::endsWith)
                .findFirst()
                .orElse("");
    }

    /**
     * Unpacks {@code archive} into the folder {@code target}, which must not exist; it appears when all is unpacked.
     *
     * @return the files, in the order of the archive
     */
    public static List<Path> unpack(Path archive, Path target, Limits limits) {
        Path building = target.resolveSibling(target.getFileName() + ".apus.incomplete");
        try {
            delete(building);
            Files.createDirectories(building);
            try (Counted packed = new Counted(new BufferedInputStream(Files.newInputStream(archive)))) {
                Unpacked unpacked = new Unpacked(archive, building, limits, packed::count);
                read(archive, packed, unpacked);
                List<String> names = unpacked.names();
                Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
                return names.stream().map(target::resolve).toList();
            }
        } catch (ZipException | TarException e) {
            throw new UserError("Cannot unpack " + archive, String.valueOf(e.getMessage()), "Download it again.", e);
        } catch (IOException e) {
            throw new UserError(
                    "Cannot unpack " + archive, e.getClass().getSimpleName() + ": " + e.getMessage(), "", e);
        } finally {
            deleteQuietly(building);
        }
    }

    private static void read(Path archive, InputStream packed, Unpacked unpacked) throws IOException {
        switch (ending(archive.getFileName().toString())) {
            case ".zip" -> ZipEntries.read(packed, unpacked);
            case ".tar" -> new TarEntries(packed, unpacked).read();
            case ".tgz", ".tar.gz" ->
                new TarEntries(new BufferedInputStream(new GZIPInputStream(packed)), unpacked).read();
            default -> throw new UserError("Cannot unpack " + archive, "it is no zip, tar, tar.gz or tgz", "");
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            delete(folder);
        } catch (IOException e) {
            // What is left is overwritten by the next try.
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.walk(folder)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Counts the packed bytes that were read. */
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = super.read(buffer, from, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
