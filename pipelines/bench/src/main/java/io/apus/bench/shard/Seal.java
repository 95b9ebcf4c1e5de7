package io.apus.bench.shard;

import io.apus.shards.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Gives a plain file what shards have: it is on disk for certain, and its SHA-256 is known and checked. */
final class Seal {
    private Seal() {}

    static void put(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.writeString(beside(file), Sha256.of(file));
    }

    static void check(Path file) throws IOException {
        if (!Sha256.of(file).equals(Files.readString(beside(file)))) {
            throw new IOException(file + " has changed since it was written");
        }
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".sha256");
    }
}
