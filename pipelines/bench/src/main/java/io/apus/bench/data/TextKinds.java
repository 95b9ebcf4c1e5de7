package io.apus.bench.data;

import io.apus.schemas.data.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Texts of different kinds, every data file, the project's own code, lines in many scripts. */
final class TextKinds {
    private static final String SCRIPTS =
            "pipelines/corpus/src/test/resources/io/apus/corpus/tokenize/bpe/split/scripts.txt";

    private TextKinds() {}

    /**
     * By name, in the order of the files; what the project's folder lacks is left out.
     *
     * @param root the project's folder
     * @param most characters of a kind; texts that do not fit are left out
     */
    static Map<String, List<String>> of(List<DataFile> files, Path root, int most) throws IOException {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (DataFile file : files) {
            put(
                    kinds,
                    file.origin().file(),
                    DataFile.samples(List.of(file)).stream()
                            .flatMap(sample -> sample.messages().stream())
                            .map(Message::content)
                            .filter(text -> !text.isEmpty()),
                    most);
        }
        if (Files.isDirectory(root.resolve("pipelines/corpus/src"))) {
            try (Stream<Path> sources = Files.walk(root.resolve("pipelines/corpus/src"))) {
                List<String> code = new ArrayList<>();
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    code.add(Files.readString(source));
                }
                put(kinds, "Java code", code.stream(), most);
            }
        }
        if (Files.isRegularFile(root.resolve(SCRIPTS))) {
            put(kinds, "many scripts", pieces(Files.readAllLines(root.resolve(SCRIPTS))), most);
        }
        return kinds;
    }

    private static void put(Map<String, List<String>> kinds, String name, Stream<String> texts, int most) {
        List<String> kept = new ArrayList<>();
        int length = 0;
        for (String text : (Iterable<String>) texts::iterator) {
            if (length + text.length() <= most) {
                kept.add(text);
                length += text.length();
            }
        }
        if (!kept.isEmpty()) {
            kinds.put(name, kept);
        }
    }

    /** Lines cut and put together at random, for a few words over and over would be too easy. */
    private static Stream<String> pieces(List<String> lines) {
        Random random = new Random(1);
        return Stream.generate(() -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < 12; i++) {
                        String line = lines.get(random.nextInt(lines.size()));
                        int from = line.offsetByCodePoints(0, random.nextInt(line.codePointCount(0, line.length())));
                        text.append(line, from, line.length());
                    }
                    return text.toString();
                })
                .limit(1000);
    }
}
