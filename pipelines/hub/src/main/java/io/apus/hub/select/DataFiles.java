package io.apus.hub.select;

import io.apus.hub.repo.RepoFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of a dataset that hold rows, told from cards, pictures and scripts by their endings. */
final class DataFiles {
    private static final Pattern ENDING =
            Pattern.compile(".*\\.(parquet|jsonl|json|csv|tsv|txt|zip|tar|tgz)(\\.gz)?", Pattern.CASE_INSENSITIVE);
    /** Files that lie beside the data: those of huggingface/datasets, {@code data_files.py}, ModelScope's, and texts of law and setup. */
    private static final Set<String> BESIDE = Set.of(
            "config.json",
            "dataset_info.json",
            "dataset_infos.json",
            "dummy_data.zip",
            "dataset_dict.json",
            "state.json",
            "requirements.txt",
            "configuration.json",
            "LICENSE.txt",
            "license.txt");

    private DataFiles() {}

    /** Whether a file may hold rows. */
    static boolean isData(RepoFile file) {
        return ENDING.matcher(file.path()).matches() && !BESIDE.contains(file.name()) && !isHidden(file.path());
    }

    /** Files of the most frequent format; on a tie the one listed first. Archives are taken only where there is nothing else. */
    static List<RepoFile> ofOneFormat(List<RepoFile> files) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        files.forEach(file -> counts.merge(format(file), 1, Integer::sum));
        if (counts.size() > 1) {
            counts.remove("archive");
        }
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        String format = counts.keySet().stream()
                .filter(name -> counts.get(name) == most)
                .findFirst()
                .orElse("");
        return files.stream().filter(file -> format(file).equals(format)).toList();
    }

    private static String format(RepoFile file) {
        Matcher ending = ENDING.matcher(file.path());
        if (!ending.matches()) {
            return "";
        }
        return switch (ending.group(1).toLowerCase(Locale.ROOT)) {
            case "json", "jsonl" -> "json";
            case "zip", "tar", "tgz" -> "archive";
            default -> ending.group(1).toLowerCase(Locale.ROOT);
        };
    }

    /** Hidden, or in a hidden or a special ("__") folder. */
    private static boolean isHidden(String path) {
        for (String part : path.split("/", -1)) {
            if (part.startsWith(".") || part.startsWith("__")) {
                return true;
            }
        }
        return false;
    }
}
