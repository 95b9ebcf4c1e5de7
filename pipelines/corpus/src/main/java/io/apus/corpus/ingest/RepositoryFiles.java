package io.apus.corpus.ingest;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which files of a dataset's repository are its data, and which of those belong to the part that is asked for. Hugging Face's rule tells
 * splits by words in the path ({@code data/train-00000.parquet}, {@code gsm8k_test.jsonl}); a subset is a folder or the beginning of a file's
 * name. Files that name no split belong to {@code train}.
 *
 * @param chosen paths that are read
 * @param leftOut paths of data files of other splits and subsets
 */
public record RepositoryFiles(List<String> chosen, List<String> leftOut) {
    private static final String TRAIN = "train";

    /** Files about the data beside it, by the conventions of both hubs. */
    private static final Set<String> NO_DATA = Set.of(
            "dataset_info.json",
            "dataset_infos.json",
            "dataset_dict.json",
            "state.json",
            "config.json",
            "configuration.json",
            "license.txt",
            "readme.txt",
            "requirements.txt");

    private static final Pattern SPLIT = Pattern.compile(
            "(?<![a-z])(train|training|validation|valid|val|dev|test|testing|eval|evaluation)(?![a-z])");
    private static final Map<String, String> STANDARD = Map.of(
            "training", TRAIN,
            "valid", "validation",
            "val", "validation",
            "dev", "validation",
            "testing", "test",
            "eval", "test",
            "evaluation", "test");

    /** Whether a file whose name ends like data is some. */
    public static boolean isData(String path) {
        return !NO_DATA.contains(path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Chooses among the data files of a repository.
     *
     * @param name the dataset, for messages
     * @param paths data files relative to the repository, with {@code /} between folders
     * @throws UserError where the part has no files, with the parts that there are
     */
    public static RepositoryFiles of(String name, List<String> paths, RepositoryPart part) {
        List<String> inSubset = paths.stream()
                .filter(path -> part.subsets().isEmpty()
                        || part.takesAll()
                        || part.subsets().stream().anyMatch(subset -> isOf(subset, path)))
                .toList();
        require(!inSubset.isEmpty(), name, "no file belongs to the subset " + String.join(", ", part.subsets()), paths);
        List<String> chosen =
                inSubset.stream().filter(path -> isChosen(path, part.splits())).toList();
        List<String> splits = part.splits().isEmpty() ? List.of(TRAIN) : part.splits();
        require(!chosen.isEmpty(), name, "no file belongs to the split " + String.join(", ", splits), inSubset);
        List<String> leftOut = new ArrayList<>(paths);
        leftOut.removeAll(chosen);
        return new RepositoryFiles(chosen, leftOut);
    }

    private static void require(boolean holds, String name, String problem, List<String> paths) {
        if (!holds) {
            Set<String> splits =
                    paths.stream().map(RepositoryFiles::split).collect(Collectors.toCollection(TreeSet::new));
            throw new UserError(
                    "Cannot read the dataset " + name,
                    problem,
                    "By their names the files are of the splits " + String.join(", ", splits)
                            + ". Write NAME/SPLIT, NAME:SUBSET, or name the files themselves, e.g. "
                            + paths.get(0) + ".");
        }
    }

    private static boolean isOf(String subset, String path) {
        List<String> folders = List.of(path.split("/"));
        String file = folders.get(folders.size() - 1);
        boolean begins = file.startsWith(subset)
                && (file.length() == subset.length() || !Character.isLetterOrDigit(file.charAt(subset.length())));
        return begins || folders.subList(0, folders.size() - 1).contains(subset);
    }

    private static boolean isChosen(String path, List<String> splits) {
        if (splits.isEmpty()) {
            return split(path).equals(TRAIN);
        }
        return splits.stream()
                .anyMatch(split -> STANDARD.getOrDefault(split, split).equals(split(path)) || names(path, split));
    }

    /** Whether a split with a name of its own, e.g. {@code train_sft}, stands in the path between other characters than letters. */
    private static boolean names(String path, String split) {
        return Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(split) + "(?![A-Za-z])")
                        .matcher(path)
                        .find()
                && !STANDARD.containsValue(split);
    }

    /** The standard split that the last split word of a path means; train where there is none. */
    private static String split(String path) {
        String found = TRAIN;
        Matcher words = SPLIT.matcher(path.toLowerCase(Locale.ROOT));
        while (words.find()) {
            found = STANDARD.getOrDefault(words.group(1), words.group(1));
        }
        return found;
    }
}
