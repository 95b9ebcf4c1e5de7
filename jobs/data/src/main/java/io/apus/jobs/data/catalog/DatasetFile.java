package io.apus.jobs.data.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.MappingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads one catalog file of {@code conf/datasets}; all that is wrong with it is reported at once. */
final class DatasetFile {
    private static final List<String> KEYS = List.of(
            "help",
            "path",
            "ms",
            "hf",
            "revision",
            "subsets",
            "shape",
            "columns",
            "mapping",
            "media",
            "tags",
            "rows",
            "huge");
    private static final List<String> SUBSET_KEYS =
            List.of("name", "hub", "splits", "weak", "shape", "columns", "mapping");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private final Path file;
    private final List<String> problems = new ArrayList<>();

    private DatasetFile(Path file) {
        this.file = file;
    }

    static DatasetEntry read(Path file) {
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root == null || !root.isObject()) {
                throw problem(file, "it is no list of \"key: value\" lines", null);
            }
            return new DatasetFile(file).entry(root);
        } catch (JsonProcessingException e) {
            throw problem(file, "it is not YAML: " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
        } catch (IOException e) {
            throw problem(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static UserError problem(Path file, String cause, Exception revealedBy) {
        return new UserError("Cannot read the catalog file " + file, cause, "", revealedBy);
    }

    private DatasetEntry entry(JsonNode root) {
        Fields fields = new Fields("", root, problems).only(KEYS);
        List<DatasetSubset> subsets = new ArrayList<>();
        for (JsonNode subset : fields.list("subsets")) {
            subset(subset, subsets);
        }
        String name = file.getFileName().toString();
        List<MappingStep> mapping = mapping(fields);
        List<String> path = fields.texts("path").stream().map(this::absolute).toList();
        if (!problems.isEmpty()) {
            throw problem(file, String.join("; ", problems), null);
        }
        DatasetEntry entry = new DatasetEntry(
                name.substring(0, name.lastIndexOf('.')),
                fields.text("help"),
                path,
                fields.text("ms"),
                fields.text("hf"),
                fields.text("revision"),
                subsets,
                fields.text("shape"),
                fields.map("columns"),
                mapping,
                fields.texts("media"),
                fields.texts("tags"),
                fields.count("rows"),
                fields.flag("huge"));
        if (!problems.isEmpty()) {
            throw problem(file, String.join("; ", problems), null);
        }
        return entry;
    }

    private String absolute(String path) {
        return path.contains("://")
                ? path
                : file.toAbsolutePath().resolveSibling(path).normalize().toString();
    }

    private void subset(JsonNode node, List<DatasetSubset> subsets) {
        if (!node.isObject() || !node.path("name").isTextual()) {
            problems.add("a subset is not an object with a name");
            return;
        }
        Fields fields = new Fields("subset " + node.path("name").textValue() + ": ", node, problems).only(SUBSET_KEYS);
        subsets.add(new DatasetSubset(
                fields.text("name"),
                fields.text("hub"),
                fields.texts("splits"),
                fields.flag("weak"),
                fields.text("shape"),
                fields.map("columns"),
                node.has("mapping") ? subsetMapping(node.get("mapping"), fields, subsets) : null));
    }

    /** A text is the name of an earlier subset with the same mapping. */
    private List<MappingStep> subsetMapping(JsonNode node, Fields fields, List<DatasetSubset> earlier) {
        if (!node.isTextual()) {
            return mapping(fields);
        }
        for (DatasetSubset subset : earlier) {
            if (subset.name().equals(node.textValue())) {
                return subset.mapping();
            }
        }
        problems.add("no subset above is called \"" + node.textValue() + "\", whose mapping is asked for");
        return List.of();
    }

    /** Steps are objects with one key, the step's name; its value holds the options, or is the option {@code value}. */
    private List<MappingStep> mapping(Fields fields) {
        List<MappingStep> steps = new ArrayList<>();
        for (JsonNode step : fields.list("mapping")) {
            if (step.isTextual()) {
                steps.add(new MappingStep(step.textValue(), null));
            } else if (step.isObject() && step.size() == 1) {
                String name = step.fieldNames().next();
                steps.add(new MappingStep(name, Fields.options(step.get(name))));
            } else {
                problems.add("a step of the mapping is not a name, or one name with its options: " + step);
            }
        }
        return steps;
    }
}
