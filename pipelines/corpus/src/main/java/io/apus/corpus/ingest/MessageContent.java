package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.data.Roles;

/** The content of one message as text. */
final class MessageContent {
    private MessageContent() {}

    /**
     * A text as it is, a list of text blocks ({@code {"type": "text", "text": ...}}) one after the other, and what a tool is given or
     * gives back as JSON text. Anything else is refused.
     */
    static String text(JsonNode content, String role) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (content.isArray() && !content.isEmpty() && isBlock(content.get(0))) {
            return blocks(content);
        }
        if (content.isContainerNode() && (role.equals(Roles.TOOL_CALL) || role.equals(Roles.TOOL_RESPONSE))) {
            return content.toString();
        }
        throw new RefusedRow(
                Refusal.CONTENT_NOT_TEXT, "the content of a " + role + " turn is " + kind(content) + ", not text");
    }

    private static boolean isBlock(JsonNode node) {
        return node.path("type").isTextual();
    }

    private static String blocks(JsonNode blocks) {
        StringBuilder text = new StringBuilder();
        for (JsonNode block : blocks) {
            JsonNode value = block.has("text") ? block.get("text") : block.path("value");
            if (!block.path("type").asText().equals("text") || !value.isTextual()) {
                throw new RefusedRow(
                        Refusal.CONTENT_NOT_TEXT,
                        "a content block has the type \"" + block.path("type").asText()
                                + "\"; only text blocks can be read");
            }
            text.append(value.textValue());
        }
        return text.toString();
    }

    private static String kind(JsonNode content) {
        return switch (content.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            default -> "nothing";
        };
    }

    /** One of OpenAI's {@code tool_calls} as the text of a tool_call turn: {@code {"name": ..., "arguments": ...}}. */
    static String toolCall(JsonNode call) {
        JsonNode function = call.has("function") ? call.get("function") : call;
        JsonNode arguments = function.path("arguments");
        if (!function.path("name").isTextual()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "a tool call has no function name");
        }
        ObjectNode text = JsonNodeFactory.instance.objectNode();
        text.set("name", function.get("name"));
        text.set("arguments", arguments.isTextual() ? parsedOrText(arguments) : arguments);
        return text.toString();
    }

    private static JsonNode parsedOrText(JsonNode arguments) {
        try {
            JsonNode parsed = RowJson.parse(arguments.textValue());
            return parsed.isObject() ? parsed : arguments;
        } catch (JsonProcessingException e) {
            return arguments;
        }
    }
}
