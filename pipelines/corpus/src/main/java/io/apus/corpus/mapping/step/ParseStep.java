package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.apus.corpus.ingest.PythonLiteral;
import java.util.List;

/** {@code parse: {column, repair, otherwise}}: reads texts, also those in a list, that were written from values, as JSON or else as Python
 * prints them; values stay. With {@code repair} commas may be missing between objects. What cannot be read fails the row, or stays a text
 * with {@code otherwise: keep}. */
public final class ParseStep implements RowStep {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final List<String> columns;
    private final boolean repair;
    private final boolean keep;

    private ParseStep(List<String> columns, boolean repair, boolean keep) {
        this.columns = columns;
        this.repair = repair;
        this.keep = keep;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "repair", "otherwise", "value");
        return new ParseStep(
                options.texts(options.has("value") ? "value" : "column"),
                options.flag("repair"),
                options.text("otherwise", "fail").equals("keep"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        for (String column : columns) {
            JsonNode value = row.get(column);
            if (value != null && value.isTextual()) {
                row.set(column, parsed(column, value.textValue()));
            } else if (value != null && value.isArray()) {
                ArrayNode list = row.putArray(column);
                value.forEach(item -> list.add(item.isTextual() ? parsed(column, item.textValue()) : item));
            }
        }
    }

    private JsonNode parsed(String column, String text) {
        JsonNode value = parsedOrNull(text);
        if (value == null && repair) {
            value = PythonLiteral.mendedOrNull(text);
        }
        if (value == null && keep) {
            return TextNode.valueOf(text);
        }
        if (value == null) {
            throw StepFailure.broken(column + " is neither JSON nor a Python literal");
        }
        return value;
    }

    private static JsonNode parsedOrNull(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return PythonLiteral.parseOrNull(text);
        }
    }

    @Override
    public String words() {
        return "read the text in " + String.join(", ", columns) + " as JSON or a Python literal"
                + (repair ? ", with missing commas put in" : "");
    }
}
