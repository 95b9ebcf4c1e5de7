package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** {@code round: {column, decimals, into}}: rounds a number, or the numbers of a list, to even on ties as Python does; with {@code text: true} as a
 * text with all decimals. Numbers may be written as texts. */
public final class RoundStep implements RowStep {
    private final String column;
    private final String into;
    private final int decimals;
    private final boolean text;

    private RoundStep(String column, String into, int decimals, boolean text) {
        this.column = column;
        this.into = into;
        this.decimals = decimals;
        this.text = text;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "decimals", "into", "text");
        return new RoundStep(
                options.text("column"),
                options.text("into", options.text("column")),
                options.number("decimals", 0),
                options.flag("text"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        row.set(into, rounded(RowPath.need(row, column)));
    }

    private JsonNode rounded(JsonNode value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value.isArray()) {
            ArrayNode list = nodes.arrayNode();
            value.forEach(item -> list.add(rounded(item)));
            return list;
        }
        try {
            // The value of the double itself, as Python rounds it, and not of its shortest text.
            BigDecimal number =
                    new BigDecimal(Double.parseDouble(value.asText())).setScale(decimals, RoundingMode.HALF_EVEN);
            return text ? nodes.textNode(number.toPlainString()) : nodes.numberNode(number);
        } catch (NumberFormatException e) {
            throw StepFailure.broken(column + " holds " + value + ", no number");
        }
    }

    @Override
    public String words() {
        return into + " is " + column + " with " + decimals + " decimals" + (text ? ", as text" : "");
    }
}
