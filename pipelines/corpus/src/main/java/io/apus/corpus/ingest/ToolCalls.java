package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Calls of tools in the spellings of OpenAI, Anthropic and LLaMA-Factory as the texts of tool_call turns: {@code {"name": ..., "arguments": ...}}. */
final class ToolCalls {
    private static final List<String> ARGUMENTS = List.of("arguments", "input", "parameters");

    private ToolCalls() {}

    /** OpenAI's {@code tool_calls}, a list or its JSON text, or the older {@code function_call}; empty where the message has none. */
    static List<String> ofMessage(JsonNode message) {
        JsonNode calls = Texts.first(message, List.of("tool_calls", "function_call"));
        if (calls == null || Texts.isNothing(calls)) {
            return List.of();
        }
        return of(calls);
    }

    /** The calls of a content block: {@code tool_use} of Anthropic, or {@code tool_call} with a value. */
    static List<String> ofBlock(JsonNode block) {
        return of(
                block.path("name").isTextual()
                        ? block
                        : Texts.first(block, List.of("value", "tool_call", "function_call", "text")));
    }

    private static List<String> of(JsonNode calls) {
        JsonNode value = calls != null && calls.isTextual() ? Texts.parsedOrNull(calls.textValue()) : calls;
        if (value == null || !value.isContainerNode()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "a tool call is neither an object nor the JSON text of one");
        }
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(call -> texts.add(text(call)));
        } else {
            texts.add(text(value));
        }
        return texts;
    }

    /**
     * The content of a tool_call turn, apart where it lists several calls; what is not a call by its form stays the text it is.
     *
     * @param content a text or JSON
     */
    static List<String> ofContent(JsonNode content) {
        JsonNode value = content.isTextual() ? jsonListOrNull(content.textValue()) : content;
        if (value == null || !value.isArray() || value.isEmpty()) {
            return List.of(content.isTextual() ? content.textValue() : content.toString());
        }
        for (JsonNode call : value) {
            if (!call.path("name").isTextual()) {
                return List.of(content.isTextual() ? content.textValue() : content.toString());
            }
        }
        List<String> texts = new ArrayList<>();
        value.forEach(call -> texts.add(call.toString()));
        return texts;
    }

    private static JsonNode jsonListOrNull(String text) {
        return text.stripLeading().startsWith("[") ? Texts.parsedOrNull(text) : null;
    }

    private static String text(JsonNode call) {
        JsonNode parsed = call.isTextual() ? Texts.parsedOrNull(call.textValue()) : call;
        JsonNode function = parsed != null && parsed.path("function").isObject() ? parsed.get("function") : parsed;
        if (function == null || !function.path("name").isTextual()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "a tool call has no function name");
        }
        ObjectNode text = JsonNodeFactory.instance.objectNode();
        text.set("name", function.get("name"));
        JsonNode arguments = Texts.first(function, ARGUMENTS);
        text.set("arguments", arguments == null ? text.objectNode() : parsedOrText(arguments));
        return text.toString();
    }

    private static JsonNode parsedOrText(JsonNode arguments) {
        if (!arguments.isTextual()) {
            return arguments;
        }
        if (arguments.textValue().isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode parsed = Texts.parsedOrNull(arguments.textValue());
        return parsed != null && parsed.isObject() ? parsed : arguments;
    }
}
