package io.apus.hub.cache;

import io.apus.hub.repo.Checksum;
import io.apus.hub.repo.RepoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files that lie below a snapshot's folder, where no listing of them was kept. */
final class FolderFiles {
    /** Index files of the older ModelScope client; they are Python pickles and are never read. */
    private static final Set<String> INDEXES = Set.of(".msc", ".mdl", ".mv", "._____temp");

    private FolderFiles() {}

    static List<RepoFile> below(Path folder) throws IOException {
        List<RepoFile> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted().toList()) {
                Path relative = folder.relativize(path);
                if (Files.isRegularFile(path) && !isIndex(relative)) {
                    files.add(new RepoFile(relative.toString().replace('\\', '/'), Files.size(path), Checksum.NONE));
                }
            }
        }
        return files;
    }

    private static boolean isIndex(Path relative) {
        return INDEXES.contains(relative.getName(0).toString())
                || relative.getFileName().toString().endsWith(".incomplete");
    }
}
