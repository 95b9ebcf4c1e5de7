package io.apus.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch, one process of a machine at a time.
 *
 * <p>JavaCPP unpacks the libraries into a cache that all processes of a user share. Two executors that start on an empty cache would
 * map files that the other is still writing, which ends in SIGBUS; so the first load holds a lock on a file of that cache.
 */
final class NativeLibrary {
    private static final String LOCK = ".apus-loading";

    static {
        try {
            Path cache = Loader.getCacheDir().toPath();
            try (FileChannel channel =
                            FileChannel.open(cache.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Loader.load(torch.class);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the native libraries", e);
        }
    }

    private NativeLibrary() {}

    /** Returns when the library is loaded; whatever touches libtorch first calls it. */
    static void load() {
        // The work is done once, in the static initialiser.
    }
}
