package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;

/** The standard columns beside a conversation; null in, null out. CSV has only texts, so texts that read as values become values. */
final class SideColumns {
    private SideColumns() {}

    /** The label as JSON text. */
    static String label(JsonNode label) {
        if (label == null) {
            return null;
        }
        if (!label.isTextual()) {
            return label.toString();
        }
        String text = label.textValue().strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("true") || lower.equals("false")) {
            return lower;
        }
        return RowJson.isValue(text) ? text : label.toString();
    }

    static Double margin(JsonNode margin) {
        if (margin == null || (margin.isTextual() && margin.textValue().isBlank())) {
            return null;
        }
        try {
            double value =
                    margin.isTextual() ? Double.parseDouble(margin.textValue().strip()) : margin.doubleValue();
            if (Double.isFinite(value) && (margin.isTextual() || margin.isNumber())) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw notANumber(margin);
        }
        throw notANumber(margin);
    }

    private static RefusedRow notANumber(JsonNode margin) {
        return new RefusedRow(Refusal.BAD_MARGIN, "margin is " + margin + ", not a number");
    }

    /**
     * The tools as the JSON text of a list of definitions; an empty text is the same as none. A single definition becomes a list of one,
     * and definitions that are texts become what they say.
     */
    static String tools(JsonNode tools) {
        if (Texts.isNothing(tools)) {
            return null;
        }
        JsonNode value = tools.isTextual() ? Texts.parsedOrNull(tools.textValue()) : tools;
        if (value == null) {
            throw new RefusedRow(Refusal.BAD_TOOLS, "tools is a text that is not JSON");
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (JsonNode tool : value.isObject() ? List.of(value) : value) {
            JsonNode definition = tool.isTextual() ? Texts.parsedOrNull(tool.textValue()) : tool;
            if (definition == null || !definition.isObject()) {
                throw new RefusedRow(Refusal.BAD_TOOLS, "tools is not a list of definitions");
            }
            list.add(definition);
        }
        if (!value.isContainerNode()) {
            throw new RefusedRow(Refusal.BAD_TOOLS, "tools is not a list of definitions");
        }
        return list.isEmpty() ? null : list.toString();
    }

    static String channel(JsonNode channel) {
        return channel == null ? null : channel.isTextual() ? channel.textValue() : channel.toString();
    }
}
