package io.apus.hub.select;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which split a file belongs to when nothing declares it: by {@code data/NAME-00000-of-00001.*}, else by a folder, else by a word in the
 * file's name, else all are training data. The order and the words are those of huggingface/datasets, {@code data_files.py}.
 */
final class SplitNames {
    static final String TRAIN = "train";

    private static final Pattern SHARDED = Pattern.compile("data/([^/]+)-\\d{5}-of-\\d{5}[^/]*\\.[^/]*");
    private static final String SEPARATORS = "-._ 0-9";
    private static final Map<String, List<String>> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put(TRAIN, List.of("train", "training"));
        WORDS.put("validation", List.of("validation", "valid", "dev", "val"));
        WORDS.put("test", List.of("test", "testing", "eval", "evaluation"));
    }

    private SplitNames() {}

    /** The split that a user's word means: "dev" is "validation". */
    static String canonical(String word) {
        return WORDS.entrySet().stream()
                .filter(entry -> entry.getValue().contains(word))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(word);
    }

    /** The paths of each split, in the order train, validation, test, others. */
    static Map<String, List<String>> group(List<String> paths) {
        Map<String, List<String>> sharded = sharded(paths);
        if (!sharded.isEmpty()) {
            return sharded;
        }
        Map<String, List<String>> folders =
                byWords(paths, List.of("**/%s/**", "**/%s[-]*/**", "**/*[-]%s/**", "**/*[-]%s[-]*/**"));
        if (!folders.isEmpty()) {
            return folders;
        }
        Map<String, List<String>> names = byWords(paths, List.of("**/%s[-]*", "**/*[-]%s[-]*"));
        return names.isEmpty() ? Map.of(TRAIN, paths) : names;
    }

    private static Map<String, List<String>> sharded(List<String> paths) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        WORDS.keySet().forEach(split -> found.put(split, new ArrayList<>()));
        for (String path : paths) {
            Matcher shard = SHARDED.matcher(path);
            if (shard.matches()) {
                found.computeIfAbsent(shard.group(1), split -> new ArrayList<>())
                        .add(path);
            }
        }
        found.values().removeIf(List::isEmpty);
        return found;
    }

    private static Map<String, List<String>> byWords(List<String> paths, List<String> shapes) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        WORDS.forEach((split, words) -> {
            List<Glob> globs = words.stream()
                    .flatMap(word -> shapes.stream().map(shape -> shape.replace("[-]", "[" + SEPARATORS + "]")
                            .formatted(word)))
                    .map(Glob::path)
                    .toList();
            List<String> members = paths.stream()
                    .filter(path -> globs.stream().anyMatch(glob -> glob.matches(path)))
                    .toList();
            if (!members.isEmpty()) {
                found.put(split, members);
            }
        });
        return found;
    }
}
