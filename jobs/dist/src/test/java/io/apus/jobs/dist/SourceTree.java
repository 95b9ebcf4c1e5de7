package io.apus.jobs.dist;

import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of the project, without what builds and runs leave behind. */
final class SourceTree {
    private static final Set<String> LEFT_OUT =
            Set.of("target", ".git", "out", "output", ".apus", ".idea", ".vscode", ".m2");

    private SourceTree() {}

    static Path root() {
        return SharedReference.projectRoot();
    }

    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean skip = LEFT_OUT.contains(folder.getFileName().toString()) && !folder.equals(root());
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** Java sources of the product, without tests. */
    static List<Path> mainSources() throws IOException {
        return files().stream()
                .filter(file ->
                        file.toString().endsWith(".java") && file.toString().contains("/src/main/"))
                .toList();
    }
}
