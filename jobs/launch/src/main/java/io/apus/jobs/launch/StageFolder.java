package io.apus.jobs.launch;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/** The folder that one stage writes. It carries a mark from its first moment, so that nothing of the user's is ever emptied. */
final class StageFolder {
    private static final String MARK = ".apus-stage";

    private final Path folder;
    private final Path manifest;

    StageFolder(Path folder, Path manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** Makes the folder ready for an attempt: uncommitted, and empty unless what is there may be resumed. */
    void prepare(boolean resume) throws IOException {
        refuseForeign();
        Files.deleteIfExists(manifest);
        if (!resume && Files.exists(folder)) {
            empty();
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(MARK), "written by Apus; emptied when the stage runs again\n");
    }

    /** Refuses a folder with content that no stage of ours has written. */
    void refuseForeign() throws IOException {
        if (Files.exists(folder) && !Files.exists(folder.resolve(MARK)) && !isEmpty()) {
            throw new UserError(
                    "Cannot write " + folder,
                    "it holds files that Apus did not write",
                    "Choose another output_dir, or move them away.");
        }
    }

    private boolean isEmpty() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    /** Deletes everything but the mark, which goes on saying whose folder this is if we are interrupted here. */
    private void empty() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(folder.resolve(MARK))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (!directory.equals(folder)) {
                    Files.delete(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
