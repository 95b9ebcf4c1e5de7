package io.apus.jobs.launch;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two runs out of one output folder. The operating system releases it when the process ends, however it ends. */
public final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the folder; a {@link UserError} where another process has it. */
    public static RunLock take(Path outputDir) throws IOException {
        Files.createDirectories(outputDir);
        FileChannel channel =
                FileChannel.open(outputDir.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locks(channel)) {
            channel.close();
            throw new UserError(
                    "Cannot run in " + outputDir,
                    "another run is at work there",
                    "Wait for it, or give another output_dir.");
        }
        return new RunLock(channel);
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
