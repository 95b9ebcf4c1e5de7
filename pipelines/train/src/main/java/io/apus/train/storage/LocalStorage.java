package io.apus.train.storage;

import io.apus.shards.AtomicFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the local file system, or of one that is mounted there. Files and their names are forced to the disk. */
public final class LocalStorage implements Storage {
    private final Path root;

    public LocalStorage(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public WritableByteChannel create(String file) throws IOException {
        Path path = resolve(file);
        Files.createDirectories(path.getParent());
        return new Forced(FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
    }

    @Override
    public void put(String file, byte[] bytes) throws IOException {
        Path path = resolve(file);
        AtomicFile.write(path, bytes);
        for (Path folder = path.getParent().getParent(); folder.startsWith(root); folder = folder.getParent()) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    @Override
    public StoredBytes open(String file) throws IOException {
        return new LocalBytes(FileChannel.open(resolve(file), StandardOpenOption.READ));
    }

    @Override
    public List<String> list(String folder) throws IOException {
        Path path = resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path gone = resolve(path);
        if (!Files.exists(gone)) {
            return;
        }
        try (Stream<Path> below = Files.walk(gone)) {
            for (Path entry : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    private Path resolve(String name) throws IOException {
        Path path = root.resolve(name).normalize();
        if (!path.startsWith(root)) {
            throw new IOException(name + " lies outside " + root);
        }
        return path;
    }

    /** Closing it waits for the disk. */
    private record Forced(FileChannel channel) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            return channel.write(source);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                channel.force(true);
            }
        }
    }

    private record LocalBytes(FileChannel channel, long size) implements StoredBytes {
        LocalBytes(FileChannel channel) throws IOException {
            this(channel, channel.size());
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                int read = channel.read(into, at);
                if (read < 0) {
                    throw new EOFException("the file ends at byte " + at);
                }
                at += read;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
