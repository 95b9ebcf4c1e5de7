package io.apus.train;

import io.apus.train.loop.LoopState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The links {@code last} and {@code best} of ms-swift. */
final class CheckpointLinks {
    private CheckpointLinks() {}

    /** Links to the checkpoint of the end and to the best one, where there are such. */
    static void make(Path checkpoints, LoopState end) {
        link(checkpoints, "last", end.step());
        if (end.best() != null) {
            link(checkpoints, "best", end.best().step());
        }
    }

    private static void link(Path checkpoints, String name, int step) {
        Path target = Path.of("step-" + step);
        if (!Files.isDirectory(checkpoints.resolve(target))) {
            return;
        }
        Path link = checkpoints.resolve(name);
        Path made = checkpoints.resolve("." + name + ".tmp");
        try {
            Files.deleteIfExists(made);
            Files.createSymbolicLink(made, target);
            Files.move(made, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot link " + link, e);
        }
    }
}
