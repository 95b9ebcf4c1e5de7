package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What may lie in the tree, and what may not stand in it. */
class TreeTest {
    private static final Set<String> TOP = Set.of("schemas", "pipelines", "jobs", "conf", "notebooks");
    private static final Set<String> ROOMS = Set.of(
            "corpus", "hub", "shards", "spark", "djl", "tensor", "model", "train", "eval", "export", "serve", "testkit",
            "bench");
    private static final Set<String> JOBS = Set.of("launch", "data", "train", "eval", "export", "dist", "deploy");
    private static final Pattern MACHINE = Pattern.compile("(?<![\\w./$}])/(work|root|home/[a-z]+)/");

    @Test
    void theTopLevelStaysAsItIs() throws IOException {
        assertThat(TOP).containsAll(folders(SourceTree.root()));
        assertThat(ROOMS).containsAll(folders(SourceTree.root().resolve("pipelines")));
        assertThat(JOBS).containsAll(folders(SourceTree.root().resolve("jobs")));
    }

    @Test
    void noFileKnowsTheMachineItWasWrittenOn() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : SourceTree.files()) {
            for (String line : lines(file)) {
                if (MACHINE.matcher(line).find()) {
                    found.add(SourceTree.root().relativize(file) + ": " + line.strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void nothingIsLeftToDo() throws IOException {
        Pattern left = Pattern.compile("//.*\\b(TO" + "DO|FIX" + "ME|XXX)\\b");
        List<String> found = new ArrayList<>();
        for (Path file : SourceTree.mainSources()) {
            lines(file).stream()
                    .filter(line -> left.matcher(line).find())
                    .forEach(line -> found.add(SourceTree.root().relativize(file) + ": " + line.strip()));
        }
        assertThat(found).isEmpty();
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.size(file) > 4_000_000 ? List.of() : Files.readAllLines(file);
        } catch (MalformedInputException binary) {
            return List.of();
        }
    }

    /** Folders that hold something the project keeps. */
    private static Set<String> folders(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : SourceTree.files()) {
            if (file.startsWith(folder) && folder.relativize(file).getNameCount() > 1) {
                names.add(folder.relativize(file).getName(0).toString());
            }
        }
        names.removeIf(name -> name.startsWith("."));
        return names;
    }
}
