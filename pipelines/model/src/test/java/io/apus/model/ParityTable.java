package io.apus.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How far each family is from its reference, written for people to read when the comparison is over. */
final class ParityTable {
    private final Map<String, Map<String, Double>> rows = new TreeMap<>();

    /** The largest of several errors is kept. */
    void add(String family, String what, double error) {
        rows.computeIfAbsent(family, name -> new TreeMap<>()).merge(what, error, Math::max);
    }

    /** A Markdown table, nothing where nothing was compared. */
    void write(Path file) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        StringBuilder text =
                new StringBuilder("| family | gradients, of their norm | logits | loss |\n|---|---|---|---|\n");
        rows.forEach((family, errors) -> {
            text.append("| ").append(family).append(" |");
            for (String what : new String[] {"gradients", "logits", "loss"}) {
                Double error = errors.get(what);
                text.append(error == null ? " |" : String.format(Locale.ROOT, " %.1e |", error));
            }
            text.append('\n');
        });
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
