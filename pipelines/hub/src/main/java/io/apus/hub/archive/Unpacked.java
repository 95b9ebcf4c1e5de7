package io.apus.hub.archive;

import io.apus.hub.repo.RepoPath;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Writes an archive's entries below a folder, within limits. */
final class Unpacked {
    private static final int BUFFER = 1 << 16;

    private final String problem;
    private final Path folder;
    private final Limits limits;
    private final LongSupplier packed;
    private final List<String> names = new ArrayList<>();
    private int entries;
    private long bytes;

    /** @param packed how many bytes of the archive have been read so far */
    Unpacked(Path archive, Path folder, Limits limits, LongSupplier packed) {
        this.problem = "Cannot unpack " + archive;
        this.folder = folder;
        this.limits = limits;
        this.packed = packed;
    }

    /** The files, in the order of the archive. */
    List<String> names() {
        RepoPath.checkTogether(problem, names);
        return names;
    }

    void folder(String name) throws IOException {
        String plain = name.replaceFirst("^(\\./)+", "").replaceFirst("/+$", "");
        count();
        if (!plain.isEmpty() && !plain.equals(".")) {
            Files.createDirectories(place(plain));
        }
    }

    /** Writes {@code content} to its end. */
    void file(String name, InputStream content) throws IOException {
        String plain = name.replaceFirst("^(\\./)+", "");
        count();
        Path file = place(plain);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                grow(read);
                out.write(buffer, 0, read);
            }
        }
        names.add(plain);
    }

    UserError refused(String name, String what) {
        return new UserError(problem, RepoPath.shown(name) + " is " + what, "Only files and folders are unpacked.");
    }

    private Path place(String name) {
        RepoPath.check(problem, name);
        return folder.resolve(name);
    }

    private void count() {
        entries++;
        if (entries > limits.entries()) {
            throw new UserError(problem, "it has more than " + limits.entries() + " entries", "");
        }
    }

    private void grow(int read) {
        bytes += read;
        if (bytes > limits.bytes()) {
            throw new UserError(problem, "it unpacks to more than " + limits.bytes() + " bytes", "");
        }
        if (bytes > Limits.FREE_OF_RATIO && bytes / limits.ratio() > packed.getAsLong()) {
            throw new UserError(problem, "it unpacks to more than " + limits.ratio() + " times its size", "");
        }
    }
}
