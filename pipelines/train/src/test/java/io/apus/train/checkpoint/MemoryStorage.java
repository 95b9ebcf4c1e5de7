package io.apus.train.checkpoint;

import io.apus.train.storage.Storage;
import io.apus.train.storage.StoredBytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Files by name, as an object store has them. What is written is there at once, whether it is ever closed or not. */
final class MemoryStorage implements Storage {
    final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

    MemoryStorage copy() {
        MemoryStorage copy = new MemoryStorage();
        files.forEach((name, bytes) -> copy.files.put(name, bytes.clone()));
        return copy;
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public WritableByteChannel create(String file) {
        files.put(file, new byte[0]);
        return Channels.newChannel(new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int count) {
                super.write(bytes, from, count);
                files.put(file, toByteArray());
            }
        });
    }

    @Override
    public void put(String file, byte[] bytes) {
        files.put(file, bytes.clone());
    }

    @Override
    public StoredBytes open(String file) throws NoSuchFileException {
        byte[] bytes = files.get(file);
        if (bytes == null) {
            throw new NoSuchFileException(file);
        }
        return new StoredBytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long position, ByteBuffer into) throws EOFException {
                if (into.remaining() > bytes.length - position) {
                    throw new EOFException();
                }
                into.put(bytes, (int) position, into.remaining());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public List<String> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        return files.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()).split("/")[0])
                .distinct()
                .toList();
    }

    @Override
    public void delete(String path) {
        files.keySet().removeIf(name -> name.equals(path) || name.startsWith(path + "/"));
    }
}
