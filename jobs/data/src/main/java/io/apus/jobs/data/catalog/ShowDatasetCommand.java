package io.apus.jobs.data.catalog;

import io.apus.corpus.mapping.RowMapping;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.MappingStep;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code apus datasets show ID}: everything the catalog says about one dataset. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Says everything about one dataset: subsets, mapping, an example of use.")
final class ShowDatasetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "name of the dataset, or its id on a hub")
    private String id;

    @Override
    public Integer call() {
        DatasetCatalog catalog = DatasetsCommand.catalog();
        DatasetEntry entry = catalog.ofHub(id).orElseGet(() -> catalog.entry(id));
        print(entry, spec.commandLine().getOut());
        return 0;
    }

    private static void print(DatasetEntry entry, PrintWriter out) {
        out.println(entry.id() + ": " + entry.help());
        line(out, "where", DatasetTable.where(entry));
        line(out, "files", String.join(" ", entry.path()));
        line(out, "revision", entry.revision());
        line(out, "rows", DatasetTable.rows(entry));
        line(out, "tags", String.join(", ", entry.tags()));
        line(out, "media", String.join("\n            ", entry.media()));
        if (entry.subsets().isEmpty()) {
            treatment(out, entry.shape(), entry.steps());
        }
        alike(entry).forEach((steps, subsets) -> {
            line(
                    out,
                    "subsets",
                    subsets.stream().map(ShowDatasetCommand::subset).collect(Collectors.joining(", ")));
            treatment(out, entry.shape(subsets.get(0)), steps);
        });
        line(out, "use", "apus sft --model FOLDER --dataset " + entry.id() + choice(entry) + "#1000");
        out.flush();
    }

    /** Subsets by what is done to their rows, in their order. */
    private static Map<List<MappingStep>, List<DatasetSubset>> alike(DatasetEntry entry) {
        return entry.subsets().stream()
                .collect(Collectors.groupingBy(entry::steps, LinkedHashMap::new, Collectors.toList()));
    }

    private static String subset(DatasetSubset subset) {
        return subset.name()
                + (subset.hub().equals(subset.name()) ? "" : " (" + subset.hub() + " on the hub)")
                + " [" + String.join("+", subset.splits()) + "]"
                + (subset.weak() ? " (not part of all)" : "");
    }

    private static void treatment(PrintWriter out, String shape, List<MappingStep> steps) {
        line(out, "  shape", shape);
        List<String> words = RowMapping.of(steps).words();
        for (int i = 0; i < words.size(); i++) {
            line(out, i == 0 ? "  mapping" : "", words.get(i));
        }
    }

    private static String choice(DatasetEntry entry) {
        boolean open = entry.subsets().size() > 1
                && entry.subsets().stream().noneMatch(subset -> subset.name().equals("default"));
        return open ? ":" + entry.subsets().get(0).name() : "";
    }

    private static void line(PrintWriter out, String name, String text) {
        if (text != null && !text.isEmpty()) {
            out.println("  " + name + " ".repeat(Math.max(1, 10 - name.length())) + text);
        }
    }
}
