package io.apus.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankLogsTest {
    @TempDir
    private Path folder;

    @Test
    void aLogKeepsItsLastLinesWithinTwiceTheLimit() throws Exception {
        List<String> lines = IntStream.range(0, 1000).mapToObj(i -> "line " + i).toList();
        try (RankLogs logs = new RankLogs(folder, 500)) {
            lines.forEach(line -> logs.append(3, line));
        }

        List<String> kept = Stream.concat(
                        Files.readAllLines(folder.resolve("rank-3.log.1")).stream(),
                        Files.readAllLines(folder.resolve("rank-3.log")).stream())
                .toList();
        assertThat(folder.toFile().listFiles()).hasSize(2).allMatch(file -> file.length() <= 500);
        assertThat(kept).hasSizeGreaterThan(50).isEqualTo(lines.subList(1000 - kept.size(), 1000));
    }

    @Test
    void everyLineIsOnTheDiskAtOnceAndALaterStartAppends() {
        for (int start = 0; start < 2; start++) {
            try (RankLogs logs = new RankLogs(folder, 500)) {
                logs.append(0, "start " + start);
                assertThat(folder.resolve("rank-0.log")).content().endsWith("start " + start + "\n");
            }
        }
        assertThat(folder.resolve("rank-0.log")).hasContent("start 0\nstart 1\n");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoReasonToStop() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (RankLogs logs = new RankLogs(file, 500)) {
            logs.append(0, "one");
            logs.append(0, "two");
        }
        assertThat(file).isEmptyFile();
    }
}
