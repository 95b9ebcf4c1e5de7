package io.apus.jobs.train;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.CheckpointSpec;
import io.apus.train.storage.LocalStorage;
import io.apus.train.storage.Storage;
import io.apus.train.storage.Storages;
import io.apus.train.storage.StoredBytes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/** A folder of any Hadoop file system. It needs neither renames nor appends, so that object stores will do. */
final class HadoopStorage implements Storage {
    private static final int BUFFER = 1 << 16;

    private final FileSystem files;
    private final Path root;

    HadoopStorage(String location, Configuration hadoop) {
        this.root = new Path(location);
        try {
            this.files = root.getFileSystem(hadoop);
        } catch (IOException | RuntimeException e) {
            // Of a class that is missing (hadoop-aws and the like) Hadoop tells by a RuntimeException.
            throw new UserError(
                    "Cannot use " + location,
                    "its file system cannot be reached (" + e.getMessage() + ")",
                    "Check the address, the settings spark.hadoop.* and that the jars of the file system are there (spark.jars).",
                    e);
        }
    }

    /** Paths are of the local file system, URIs of that which {@code hadoop} knows them by. */
    static Storages storages(Configuration hadoop) {
        return location -> CheckpointSpec.isUri(location)
                ? new HadoopStorage(location, hadoop)
                : new LocalStorage(java.nio.file.Path.of(location));
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public WritableByteChannel create(String file) throws IOException {
        return new Output(files.create(resolve(file), true));
    }

    @Override
    public void put(String file, byte[] bytes) throws IOException {
        try (WritableByteChannel channel = create(file)) {
            channel.write(ByteBuffer.wrap(bytes));
        }
    }

    @Override
    public StoredBytes open(String file) throws IOException {
        Path path = resolve(file);
        long size = files.getFileStatus(path).getLen();
        return new Input(files.open(path), size);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        try {
            return Arrays.stream(files.listStatus(folder.isEmpty() ? root : resolve(folder)))
                    .map(FileStatus::getPath)
                    .map(Path::getName)
                    .sorted()
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path gone = resolve(path);
        if (!files.delete(gone, true) && files.exists(gone)) {
            throw new IOException("cannot remove " + gone);
        }
    }

    private Path resolve(String name) throws IOException {
        if (name.startsWith("/") || Arrays.asList(name.split("/", -1)).contains("..")) {
            throw new IOException(name + " lies outside " + root);
        }
        return new Path(root, name);
    }

    /** Closing it waits for the disks where the file system can do that. */
    private static final class Output implements WritableByteChannel {
        private final FSDataOutputStream out;
        private boolean open = true;

        Output(FSDataOutputStream out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int count = source.remaining();
            byte[] bytes = new byte[Math.min(BUFFER, count)];
            while (source.hasRemaining()) {
                int part = Math.min(bytes.length, source.remaining());
                source.get(bytes, 0, part);
                out.write(bytes, 0, part);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() throws IOException {
            open = false;
            try (FSDataOutputStream closing = out) {
                if (closing.hasCapability(StreamCapabilities.HSYNC)) {
                    closing.hsync();
                }
            }
        }
    }

    private record Input(FSDataInputStream in, long size) implements StoredBytes {
        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            byte[] bytes = new byte[into.remaining()];
            in.readFully(position, bytes);
            into.put(bytes);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
