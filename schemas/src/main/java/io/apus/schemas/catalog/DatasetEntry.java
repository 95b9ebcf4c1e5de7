package io.apus.schemas.catalog;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A dataset as its catalog file describes it. It has files ({@code path}), or lies on a hub ({@code ms}, {@code hf}), or both; the files
 * win.
 *
 * @param id name of the catalog file, without its ending
 * @param help one line about the dataset
 * @param path its files, folders or globs; empty where it is only on a hub
 * @param ms id on ModelScope, {@code owner/name}, or null
 * @param hf id on Hugging Face, {@code owner/name}, or null
 * @param revision revision on ModelScope, or null for the newest
 * @param subsets its parts, in order; at least one where it lies on a hub
 * @param shape what its rows are once they are mapped, one of {@link #SHAPES}
 * @param columns renames of columns, source to target, done before the mapping
 * @param mapping what makes a row of that shape of a row as it is stored, in order
 * @param media archives on a hub with the files that its image, video and audio columns name
 * @param tags words to find it by
 * @param rows about how many rows it has, or null where nobody counted
 * @param huge whether it is too large to be counted, and downloaded only when asked for by name
 */
public record DatasetEntry(
        String id,
        String help,
        List<String> path,
        String ms,
        String hf,
        String revision,
        List<DatasetSubset> subsets,
        String shape,
        Map<String, String> columns,
        List<MappingStep> mapping,
        List<String> media,
        List<String> tags,
        Long rows,
        boolean huge) {
    /** Detected by columns, a conversation in one list, Alpaca, question and answer, bare text, and what the other tasks read. */
    public static final List<String> SHAPES = List.of(
            "auto",
            "messages",
            "alpaca",
            "query_response",
            "text",
            "preference",
            "label",
            "embedding",
            "rerank",
            "prompt");

    private static final String DEFAULT = "default";
    private static final String ALL = "all";

    /** @throws UserError with everything that is wrong */
    public DatasetEntry {
        help = help == null ? "" : help;
        path = path == null ? List.of() : List.copyOf(path);
        subsets = subsets == null ? List.of() : List.copyOf(subsets);
        shape = shape == null ? "auto" : shape;
        columns = columns == null ? Map.of() : Map.copyOf(columns);
        mapping = mapping == null ? List.of() : List.copyOf(mapping);
        media = media == null ? List.of() : List.copyOf(media);
        tags = tags == null ? List.of() : List.copyOf(tags);
        List<String> problems = new ArrayList<>();
        if (path.isEmpty() && ms == null && hf == null) {
            problems.add("it names no path, ms or hf: where are its rows?");
        }
        hubId("ms", ms, problems);
        hubId("hf", hf, problems);
        if (path.isEmpty() && subsets.isEmpty()) {
            problems.add("it names no subsets");
        }
        Set<String> names = new HashSet<>();
        subsets.stream()
                .filter(subset -> !names.add(subset.name()))
                .forEach(subset -> problems.add("the subset " + subset.name() + " is there twice"));
        shape(shape, problems);
        subsets.forEach(subset -> shape(subset.shape(), problems));
        if (rows != null && rows < 0) {
            problems.add("rows is " + rows);
        }
        if (!problems.isEmpty()) {
            throw new UserError("Cannot use the catalog entry " + id, String.join("; ", problems), "");
        }
    }

    private static void hubId(String hub, String id, List<String> problems) {
        if (id != null && !id.matches("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")) {
            problems.add(hub + " is \"" + id + "\", not owner/name");
        }
    }

    private static void shape(String shape, List<String> problems) {
        if (shape != null && !SHAPES.contains(shape)) {
            problems.add("the shape \"" + shape + "\" is none of " + String.join(", ", SHAPES));
        }
    }

    /** What the rows of {@code subset} are once they are mapped. */
    public String shape(DatasetSubset subset) {
        return subset.shape() == null ? shape : subset.shape();
    }

    /** The renames for {@code subset}: its own win over those of the dataset. */
    public Map<String, String> columns(DatasetSubset subset) {
        Map<String, String> all = new LinkedHashMap<>(columns);
        all.putAll(subset.columns());
        return all;
    }

    /** The mapping for {@code subset}: its own instead of that of the dataset. */
    public List<MappingStep> mapping(DatasetSubset subset) {
        return subset.mapping() == null ? mapping : subset.mapping();
    }

    /** Everything that is done to the rows of {@code subset}: the renames as a step {@code rename}, then the mapping. */
    public List<MappingStep> steps(DatasetSubset subset) {
        return steps(columns(subset), mapping(subset));
    }

    /** As {@link #steps(DatasetSubset)}, for the files of a dataset without subsets. */
    public List<MappingStep> steps() {
        return steps(columns, mapping);
    }

    private static List<MappingStep> steps(Map<String, String> columns, List<MappingStep> mapping) {
        List<MappingStep> steps = new ArrayList<>();
        if (!columns.isEmpty()) {
            steps.add(new MappingStep("rename", new TreeMap<>(columns)));
        }
        steps.addAll(mapping);
        return steps;
    }

    /**
     * The subsets that are asked for: with no name the only one, or else the one called default; {@code all} is every one that is not
     * weak (as ms-swift chooses).
     *
     * @throws UserError where a name is unknown, or one has to be chosen
     */
    public List<DatasetSubset> select(List<String> names) {
        List<String> known = subsets.stream().map(DatasetSubset::name).toList();
        if (names.isEmpty()) {
            if (subsets.size() > 1 && !known.contains(DEFAULT)) {
                throw new UserError(
                        "Cannot read the dataset " + id,
                        "it has the subsets " + String.join(", ", known),
                        "Name them, as in " + id + ":" + known.get(0) + ", or all.");
            }
            return subsets.stream()
                    .filter(subset -> subsets.size() == 1 || subset.name().equals(DEFAULT))
                    .toList();
        }
        if (names.equals(List.of(ALL)) && !known.contains(ALL)) {
            return subsets.stream().filter(subset -> !subset.weak()).toList();
        }
        return names.stream().map(name -> named(name, known)).toList();
    }

    private DatasetSubset named(String name, List<String> known) {
        return subsets.stream()
                .filter(subset -> subset.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Cannot read the dataset " + id,
                        "it has no subset \"" + name + "\"",
                        known.isEmpty()
                                ? "It has no subsets at all."
                                : "Did you mean \"" + Registry.nearest(name, known) + "\"? It has "
                                        + String.join(", ", known) + "."));
    }
}
