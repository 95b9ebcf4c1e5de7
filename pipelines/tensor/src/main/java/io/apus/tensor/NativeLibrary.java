package io.apus.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
        ProcessLock.hold(cache().resolve(LOCK), () -> Loader.load(torch.class));
    }

    private NativeLibrary() {}

    private static Path cache() {
        try {
            return Loader.getCacheDir().toPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the native libraries", e);
        }
    }

    /** Returns when the library is loaded; whatever touches libtorch first calls it. */
    static void load() {
        // The work is done once, in the static initialiser.
    }
}
