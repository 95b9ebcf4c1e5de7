package io.apus.train.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What it takes for a folder to appear on the disk as a whole. */
public final class Folders {
    private Folders() {}

    /** An empty folder at {@code path}, whatever was there. */
    public static Path empty(Path path) throws IOException {
        delete(path);
        return Files.createDirectories(path);
    }

    /** Removes {@code path} and everything below it; nothing happens when it does not exist. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> below = Files.walk(path)) {
            for (Path entry : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    /** All files below {@code folder}, in the order of their names. */
    public static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            return below.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Forces every file below {@code folder}, and the folder's own entries, to the disk. */
    public static void force(Path folder) throws IOException {
        for (Path file : files(folder)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        forceEntry(folder);
    }

    /** Forces the names that {@code folder} lists to the disk. */
    public static void forceEntry(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
