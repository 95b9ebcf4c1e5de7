package io.apus.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SPEC.md says what the code does: where it repeats the code, the two are compared. */
class SpecDocumentTest {
    private static final Path DOCUMENT = Path.of("SPEC.md");

    @Test
    void theTablesAreThoseOfTheCode() throws Exception {
        assertPart("tables", SpecTables.tables());
    }

    @Test
    void theOptionsAreThoseOfTheCode() throws Exception {
        assertPart("options", SpecTables.options());
    }

    @Test
    void everyFieldOfTheManifestsIsDescribed() throws IOException {
        String document = Files.readString(DOCUMENT);
        Stream<Class<?>> records = Stream.of(
                Manifest.class,
                Manifest.Output.class,
                Manifest.FileEntry.class,
                Accounting.class,
                ShardManifest.class,
                ShardManifest.Shard.class);
        List<String> fields = records.flatMap(record -> Stream.of(record.getRecordComponents()))
                .map(RecordComponent::getName)
                .distinct()
                .toList();

        assertThat(fields).allSatisfy(field -> assertThat(document).contains("`" + field + "`"));
    }

    @Test
    void everySectionOfARunHasItsOptions() throws ReflectiveOperationException {
        String options = SpecTables.options();

        for (RecordComponent section : RunSpec.class.getRecordComponents()) {
            assertThat(options).contains("| `" + (section.getType().isRecord() ? section.getName() + "." : ""));
        }
    }

    /** The text between the markers must be {@code expected}; if not, the document as it should be is written to target/. */
    private static void assertPart(String name, String expected) throws IOException {
        String document = Files.readString(DOCUMENT);
        String begin = "<!-- generated: " + name + " -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = document.indexOf(begin);
        int to = document.indexOf(end);
        assertThat(from).as("the marker " + begin).isPositive();
        assertThat(to).as("the marker " + end).isGreaterThan(from);
        String found = document.substring(from + begin.length(), to).strip();
        if (!found.equals(expected.strip())) {
            Path target = Path.of("target", "SPEC-" + name + ".md");
            Files.writeString(
                    target, document.substring(0, from) + begin + "\n" + expected + "\n" + document.substring(to));
        }
        assertThat(found)
                .as("SPEC.md differs from the code; target/SPEC-" + name + ".md is what it should be")
                .isEqualTo(expected.strip());
    }
}
