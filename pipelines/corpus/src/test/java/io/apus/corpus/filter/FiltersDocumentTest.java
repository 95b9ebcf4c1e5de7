package io.apus.corpus.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of filters in SPEC.md is made from what the filters declare. */
class FiltersDocumentTest {
    private static final String BEGIN = "<!-- generated: filters -->\n";
    private static final String END = "<!-- end of filters -->";

    @Test
    void everyFilterAndOptionIsInTheDocument() throws IOException {
        String document = Files.readString(
                SharedReference.projectRoot().resolve("schemas").resolve("SPEC.md"));
        int from = document.indexOf(BEGIN) + BEGIN.length();
        String found = document.substring(from, document.indexOf(END)).strip();
        if (!found.equals(table().strip())) {
            Files.writeString(
                    Path.of("target", "SPEC-filters.md"),
                    document.substring(0, from) + "\n" + table() + "\n" + document.substring(document.indexOf(END)));
        }
        assertThat(found)
                .as("SPEC.md differs from the code; target/SPEC-filters.md is what it should be")
                .isEqualTo(table().strip());
    }

    private static String table() {
        StringBuilder text = new StringBuilder("| filter | option | default | what it does |\n|---|---|---|---|\n");
        for (String name : Filters.names()) {
            text.append("| `")
                    .append(name)
                    .append("` | | | ")
                    .append(Filters.doc(name))
                    .append(" |\n");
            for (FilterOptions.Declared option : Filters.options(name)) {
                text.append("| | `").append(option.name()).append("` | ");
                text.append(option.byDefault().isEmpty() ? "" : "`" + option.byDefault() + "`")
                        .append(" | ")
                        .append(option.doc())
                        .append(" |\n");
            }
        }
        return text.toString();
    }
}
