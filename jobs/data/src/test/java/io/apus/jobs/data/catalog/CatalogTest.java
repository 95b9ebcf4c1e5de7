package io.apus.jobs.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.mapping.RowMapping;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    private final DatasetCatalog catalog =
            new DatasetCatalog(SharedReference.projectRoot().resolve("conf"));

    @Test
    void everyEntryOfTheCatalogCanBeUsed() {
        List<DatasetEntry> entries = catalog.entries();

        assertThat(entries)
                .extracting(DatasetEntry::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.equals(id.toLowerCase(Locale.ROOT)));
        assertThat(entries).extracting(DatasetEntry::help).doesNotContain("");
        for (DatasetEntry entry : entries) {
            RowMapping.of(entry.steps());
            entry.subsets().forEach(subset -> assertThat(
                            RowMapping.of(entry.steps(subset)).words())
                    .as(entry.id())
                    .hasSameSizeAs(entry.steps(subset)));
        }
    }

    @Test
    void everyDatasetOfMsSwiftIsThereWithItsHubIdsSubsetsAndSplits() throws IOException {
        List<String> lines = Files.readAllLines(SharedReference.path("reference/datasets.tsv"));
        List<DatasetEntry> entries = catalog.entries();

        assertThat(lines).hasSizeGreaterThan(190);
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split("\t", -1);
            List<DatasetEntry> own = entries.stream()
                    .filter(entry -> same(entry.ms(), fields[0]) && same(entry.hf(), fields[1]))
                    .toList();
            assertThat(own).as(line).hasSize(1);
            String subsets =
                    own.get(0).subsets().stream().map(CatalogTest::written).collect(Collectors.joining(","));
            assertThat(subsets).as(line).isEqualTo(fields[2]);
            assertThat(own.get(0).rows())
                    .as(line)
                    .isEqualTo(fields[7].matches("\\d+") ? Long.valueOf(fields[7]) : null);
            assertThat(own.get(0).huge()).as(line).isEqualTo(fields[7].equals("huge dataset"));
        }
    }

    private static boolean same(String id, String field) {
        return field.isEmpty() ? id == null : field.equals(id);
    }

    /** As the reference writes a subset. */
    private static String written(DatasetSubset subset) {
        return subset.name()
                + (subset.hub().equals(subset.name()) ? "" : "(hub:" + subset.hub() + ")")
                + "[" + String.join("+", subset.splits()) + "]"
                + (subset.weak() ? "*weak" : "");
    }

    @Test
    void entriesAreFoundByTheirHubIdsToo() {
        assertThat(catalog.ofHub("AI-ModelScope/ruozhiba"))
                .hasValueSatisfying(entry -> assertThat(entry.id()).isEqualTo("ruozhiba"));
        assertThat(catalog.ofHub("databricks/databricks-dolly-15k")).isPresent();
        assertThat(catalog.ofHub("nobody/nothing")).isEmpty();
        assertThatThrownBy(() -> catalog.entry("gsm8"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"gsm8k\"?");
    }

    @Test
    void everythingWrongWithAFileIsSaidAtOnce(@TempDir Path conf) throws IOException {
        Files.createDirectories(conf.resolve("datasets"));
        Files.writeString(
                conf.resolve("datasets/odd.yaml"),
                """
                paths: x.jsonl
                huge: 7
                subsets: [{name: a, split: [train]}, plain, {name: b, mapping: c}]
                mapping: [{set: {}, keep: x}]
                """);

        assertThatThrownBy(() -> new DatasetCatalog(conf).entry("odd"))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "unknown key \"paths\", did you mean \"path\"?",
                        "subset a: unknown key \"split\", did you mean \"splits\"?",
                        "a subset is not an object with a name",
                        "no subset above is called \"c\"",
                        "a step of the mapping is not a name, or one name with its options");
    }
}
