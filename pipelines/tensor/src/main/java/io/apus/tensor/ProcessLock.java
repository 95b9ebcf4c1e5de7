package io.apus.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Work that one process of a machine does at a time: the others wait for the lock on a file. A process that dies gives it up. */
final class ProcessLock {
    private ProcessLock() {}

    /** Runs {@code work} while this process alone holds {@code file}, which is made if need be. One thread of a process at a time. */
    static void hold(Path file, Runnable work) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }
}
