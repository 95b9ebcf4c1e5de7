package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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

    /** The tools as the JSON text of a list; an empty text is the same as none. A single definition becomes a list of one. */
    static String tools(JsonNode tools) {
        if (tools == null || (tools.isTextual() && tools.textValue().isBlank())) {
            return null;
        }
        JsonNode list = tools.isTextual() ? parsed(tools.textValue()) : tools;
        if (list.isObject()) {
            return "[" + list + "]";
        }
        if (!list.isArray()) {
            throw new RefusedRow(Refusal.BAD_TOOLS, "tools is not a list of definitions");
        }
        return list.isEmpty() ? null : list.toString();
    }

    private static JsonNode parsed(String text) {
        try {
            return RowJson.parse(text);
        } catch (JsonProcessingException e) {
            throw new RefusedRow(
                    Refusal.BAD_TOOLS, "tools is a text that is not JSON: " + RowJson.oneLine(e.getOriginalMessage()));
        }
    }

    static String channel(JsonNode channel) {
        return channel == null ? null : channel.isTextual() ? channel.textValue() : channel.toString();
    }
}
