package io.apus.jobs.data.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.jobs.launch.catalog.CatalogFields;
import io.apus.jobs.launch.catalog.CatalogFile;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.MappingStep;
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

    private final CatalogFile file;

    private DatasetFile(CatalogFile file) {
        this.file = file;
    }

    static DatasetEntry read(Path file) {
        return new DatasetFile(CatalogFile.open(file)).entry();
    }

    private DatasetEntry entry() {
        CatalogFields fields = file.fields(KEYS);
        List<DatasetSubset> subsets = new ArrayList<>();
        for (JsonNode subset : fields.list("subsets")) {
            subset(subset, subsets);
        }
        List<MappingStep> mapping = mapping(fields);
        List<String> path = fields.texts("path").stream().map(this::absolute).toList();
        file.check();
        DatasetEntry entry = new DatasetEntry(
                file.name(),
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
        file.check();
        return entry;
    }

    private String absolute(String path) {
        return path.contains("://") ? path : file.beside(path).toString();
    }

    private void subset(JsonNode node, List<DatasetSubset> subsets) {
        if (!node.isObject() || !node.path("name").isTextual()) {
            file.problem("a subset is not an object with a name");
            return;
        }
        CatalogFields fields = file.fields("subset " + node.path("name").textValue() + ": ", node, SUBSET_KEYS);
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
    private List<MappingStep> subsetMapping(JsonNode node, CatalogFields fields, List<DatasetSubset> earlier) {
        if (!node.isTextual()) {
            return mapping(fields);
        }
        for (DatasetSubset subset : earlier) {
            if (subset.name().equals(node.textValue())) {
                return subset.mapping();
            }
        }
        file.problem("no subset above is called \"" + node.textValue() + "\", whose mapping is asked for");
        return List.of();
    }

    /** Steps are objects with one key, the step's name; its value holds the options, or is the option {@code value}. */
    private List<MappingStep> mapping(CatalogFields fields) {
        List<MappingStep> steps = new ArrayList<>();
        for (JsonNode step : fields.list("mapping")) {
            if (step.isTextual()) {
                steps.add(new MappingStep(step.textValue(), null));
            } else if (step.isObject() && step.size() == 1) {
                String name = step.fieldNames().next();
                steps.add(new MappingStep(name, CatalogFields.options(step.get(name))));
            } else {
                file.problem("a step of the mapping is not a name, or one name with its options: " + step);
            }
        }
        return steps;
    }
}
