package io.apus.jobs.eval.models;

import io.apus.schemas.catalog.ModelEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Models as lines of text. */
final class ModelTable {
    private static final String LINE = "%-58s%-11s%10s  %-36s%-20s%s";
    private static final String COUNTS = "%-40s%8s%8s  %s";

    private final List<ModelEntry> entries;

    ModelTable(List<ModelEntry> entries) {
        this.entries = entries;
    }

    /** A line for each, and how many there are. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, LINE, "model", "kind", "context", "architecture", "template", "covered"));
        entries.forEach(entry -> lines.add(String.format(
                Locale.ROOT,
                LINE,
                entry.id(),
                entry.kind(),
                context(entry),
                architecture(entry),
                entry.template(),
                Coverage.of(entry) ? "yes" : "no")));
        lines.add(total());
        return lines;
    }

    private static String context(ModelEntry entry) {
        if (entry.context() == null) {
            return "";
        }
        return entry.context() == ModelEntry.UNLIMITED
                ? "unlimited"
                : String.format(Locale.ROOT, "%,d", entry.context());
    }

    /** The context length as a text for one model alone. */
    static String contextInWords(ModelEntry entry) {
        if (entry.context() == null) {
            return "not known";
        }
        return context(entry) + (entry.context() == ModelEntry.UNLIMITED ? "" : " tokens");
    }

    private static String architecture(ModelEntry entry) {
        return entry.architectures().isEmpty()
                ? "(none)"
                : entry.architectures().get(0);
    }

    /** How many models of each architecture there are, the largest first. */
    List<String> summary() {
        Map<String, List<ModelEntry>> byArchitecture = entries.stream()
                .collect(Collectors.groupingBy(ModelTable::architecture, LinkedHashMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, COUNTS, "architecture", "covered", "models", "model_type"));
        byArchitecture.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, List<ModelEntry>> each) ->
                                -each.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .forEach(each -> lines.add(counts(each.getKey(), each.getValue())));
        lines.add(total());
        long unknown = entries.stream().filter(entry -> entry.context() == null).count();
        lines.add("context length not known: " + unknown + " of " + entries.size() + " text ids");
        return lines;
    }

    private static String counts(String architecture, List<ModelEntry> own) {
        Set<String> types = new TreeSet<>();
        own.forEach(entry -> types.add(entry.modelType()));
        return String.format(
                Locale.ROOT, COUNTS, architecture, Coverage.count(own), own.size(), String.join(", ", types));
    }

    private String total() {
        return "covered: " + Coverage.count(entries) + " of " + entries.size() + " text ids";
    }
}
