package io.apus.bench.measure;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A temporary folder that goes with everything in it. */
public final class Scratch implements AutoCloseable {
    private final Path folder;

    /** Makes one in the system's temporary folder; {@code java.io.tmpdir} moves it to another disk. */
    public Scratch() throws IOException {
        folder = Files.createTempDirectory("apus-bench");
    }

    /** A path of that name in the folder, whatever is there. */
    public Path path(String name) {
        return folder.resolve(name);
    }

    /** A path of that name in the folder, with nothing there yet or any more. */
    public Path fresh(String name) throws IOException {
        Path path = path(name);
        delete(path);
        return path;
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
