package io.apus.jobs.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.ingest.RowMapper;
import io.apus.corpus.mapping.MappedRows;
import io.apus.corpus.mapping.RowMapping;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.MappingStep;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every distinct mapping of the catalog on a small row of its dataset's shape: {@code mapping-examples.json} holds rows and what becomes of
 * them. What the mappings really make is written to {@code target/mapping-examples.json}.
 */
class MappingExamplesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path CONF = Path.of(System.getProperty("apus.root"), "conf");

    private final DatasetCatalog catalog = new DatasetCatalog(CONF);

    @Test
    void everyExampleBecomesWhatItSays() throws IOException {
        ArrayNode made = JSON.createArrayNode();
        for (JsonNode example : examples()) {
            ObjectNode one = example.deepCopy();
            one.set("samples", samples(example));
            made.add(one);
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        String text = JSON.writer(printer).writeValueAsString(made);
        Files.writeString(Path.of("target", "mapping-examples.json"), text);

        JsonNode read = JSON.readTree(text);
        ArrayNode expected = examples();
        for (int i = 0; i < expected.size(); i++) {
            assertThat(read.get(i)).as(expected.get(i).path("dataset").asText()).isEqualTo(expected.get(i));
        }
    }

    @Test
    void everyDistinctMappingHasAnExample() throws IOException {
        Set<List<MappingStep>> shown = new HashSet<>();
        for (JsonNode example : examples()) {
            shown.add(steps(example));
        }
        for (DatasetEntry entry : catalog.entries()) {
            for (DatasetSubset subset : entry.subsets()) {
                assertThat(shown)
                        .as("a row for " + entry.id() + ":" + subset.name() + " in mapping-examples.json")
                        .contains(entry.steps(subset));
            }
        }
    }

    private static ArrayNode examples() throws IOException {
        try (InputStream in = MappingExamplesTest.class.getResourceAsStream("/mapping-examples.json")) {
            return (ArrayNode) JSON.readTree(in);
        }
    }

    private List<MappingStep> steps(JsonNode example) {
        DatasetEntry entry = catalog.entry(example.path("dataset").asText());
        DatasetSubset subset = example.has("subset")
                ? entry.select(List.of(example.get("subset").asText())).get(0)
                : entry.subsets().get(0);
        return entry.steps(subset);
    }

    private ArrayNode samples(JsonNode example) {
        RowMapping mapping = RowMapping.of(steps(example));
        MappedRows rows = new MappedRows(mapping, new RowMapper(Map.of())::map);
        RawRow row = new RawRow(
                "d",
                0,
                example.path("number").asLong(0),
                "d:1",
                example.get("row").toString(),
                null,
                "");
        ArrayNode samples = JSON.createArrayNode();
        rows.views(List.of(row).iterator()).forEachRemaining(view -> samples.add(shown(rows.apply(view))));
        return samples;
    }

    private static JsonNode shown(Mapped mapped) {
        ObjectNode shown = JSON.createObjectNode();
        if (mapped instanceof Mapped.Refused refused) {
            return shown.put("refused", refused.reject().reason());
        }
        Sample sample = ((Mapped.Kept) mapped).sample();
        messages(shown.putArray("messages"), sample.messages());
        if (sample.rejectedMessages() != null) {
            messages(shown.putArray("rejected"), sample.rejectedMessages());
        }
        groups(shown, "positive", sample.positiveMessages());
        groups(shown, "negative", sample.negativeMessages());
        if (sample.label() != null) {
            shown.put("label", sample.label());
        }
        if (sample.tools() != null) {
            shown.put("tools", sample.tools());
        }
        sample.media().forEach((column, value) -> shown.set(column, medium(column, value)));
        sample.extra().forEach((column, value) -> shown.put("extra." + column, value));
        return shown;
    }

    /** Paths in a list, however they were wrapped. */
    private static JsonNode medium(String column, String text) {
        try {
            JsonNode value = JSON.readTree(text);
            if (column.equals("objects")) {
                return value;
            }
            ArrayNode paths = JSON.createArrayNode();
            for (JsonNode item : value.isArray() ? value : List.of(value)) {
                paths.add(item.isObject() ? item.path("path") : item);
            }
            return paths;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void groups(ObjectNode shown, String name, List<List<Message>> groups) {
        if (!groups.isEmpty()) {
            ArrayNode list = shown.putArray(name);
            groups.forEach(group -> messages(list.addArray(), group));
        }
    }

    /** Tags of media that stand at the place where they would be put anyway say nothing. */
    private static void messages(ArrayNode list, List<Message> messages) {
        messages.forEach(message ->
                list.add(message.role() + ": " + message.content().replaceAll("^(<image>|<video>|<audio>)+", "")));
    }
}
