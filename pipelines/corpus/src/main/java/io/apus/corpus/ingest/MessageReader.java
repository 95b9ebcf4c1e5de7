package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lists of messages in their many spellings: role or from, content or value, the role names of ShareGPT and OpenAI, pairs of {human,
 * assistant}, OpenAI's tool_calls. Keys of a message other than role, content, loss and loss_scale are dropped, as in ms-swift.
 */
final class MessageReader {
    private static final List<String> ROLE_KEYS = List.of("role", "from");
    private static final List<String> CONTENT_KEYS = List.of("content", "value");
    private static final List<String> USER_NAMES = List.of("user", "human");
    private static final List<String> ASSISTANT_NAMES = List.of("assistant", "gpt", "bot");

    private static final Map<String, String> ROLES = Map.ofEntries(
            Map.entry("system", Roles.SYSTEM),
            Map.entry("user", Roles.USER),
            Map.entry("human", Roles.USER),
            Map.entry("assistant", Roles.ASSISTANT),
            Map.entry("gpt", Roles.ASSISTANT),
            Map.entry("bot", Roles.ASSISTANT),
            Map.entry("tool_call", Roles.TOOL_CALL),
            Map.entry("function_call", Roles.TOOL_CALL),
            Map.entry("tool_response", Roles.TOOL_RESPONSE),
            Map.entry("tool", Roles.TOOL_RESPONSE),
            Map.entry("function_response", Roles.TOOL_RESPONSE),
            Map.entry("observation", Roles.TOOL_RESPONSE),
            Map.entry("observations", Roles.TOOL_RESPONSE));

    private MessageReader() {}

    /** The messages of a list, or of the JSON text of a list (CSV has no lists); {@link RefusedRow} where it holds none. */
    static List<Message> read(JsonNode value) {
        JsonNode list = value.isTextual() ? parsed(value.textValue()) : value;
        if (!list.isArray() || list.isEmpty()) {
            throw new RefusedRow(
                    Refusal.NO_MESSAGES,
                    list.isArray() ? "the list of messages is empty" : "the messages are not a list");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : list) {
            if (!message.isObject()) {
                throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + messages.size() + " is not an object");
            }
            if (first(message, ROLE_KEYS) == null && first(message, USER_NAMES) != null) {
                pair(message, messages);
            } else {
                one(message, messages);
            }
        }
        return messages;
    }

    private static JsonNode parsed(String text) {
        try {
            return RowJson.parse(text);
        } catch (JsonProcessingException e) {
            throw new RefusedRow(Refusal.NO_MESSAGES, "the messages are a text that is not JSON");
        }
    }

    private static void pair(JsonNode pair, List<Message> messages) {
        messages.add(new Message(Roles.USER, MessageContent.text(first(pair, USER_NAMES), Roles.USER)));
        JsonNode answer = first(pair, ASSISTANT_NAMES);
        if (answer != null) {
            messages.add(new Message(Roles.ASSISTANT, MessageContent.text(answer, Roles.ASSISTANT)));
        }
    }

    private static void one(JsonNode message, List<Message> messages) {
        JsonNode name = first(message, ROLE_KEYS);
        if (name == null || !name.isTextual()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + messages.size() + " has no role");
        }
        String role = ROLES.get(name.textValue());
        if (role == null) {
            throw new RefusedRow(
                    Refusal.UNKNOWN_ROLE, "message " + messages.size() + " has the role \"" + name.textValue() + "\"");
        }
        JsonNode content = first(message, CONTENT_KEYS);
        JsonNode calls = message.get("tool_calls");
        boolean hasCalls = calls != null && calls.isArray() && !calls.isEmpty();
        if (content == null && !hasCalls) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + messages.size() + " has no content");
        }
        String text = content == null ? "" : MessageContent.text(content, role);
        if (!hasCalls || !text.isEmpty()) {
            messages.add(new Message(role, text, loss(message), lossScale(message)));
        }
        if (hasCalls) {
            calls.forEach(call -> messages.add(
                    new Message(Roles.TOOL_CALL, MessageContent.toolCall(call), loss(message), lossScale(message))));
        }
    }

    private static Boolean loss(JsonNode message) {
        JsonNode loss = message.get("loss");
        if (loss == null || loss.isNull()) {
            return null;
        }
        if (!loss.isBoolean() && !loss.isNumber()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "loss is " + loss + ", not true or false");
        }
        return loss.isBoolean() ? loss.booleanValue() : loss.doubleValue() != 0;
    }

    private static Double lossScale(JsonNode message) {
        JsonNode scale = message.get("loss_scale");
        if (scale == null || scale.isNull()) {
            return null;
        }
        if (!scale.isNumber()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "loss_scale is " + scale + ", not a number");
        }
        return scale.doubleValue();
    }

    private static JsonNode first(JsonNode object, List<String> keys) {
        for (String key : keys) {
            JsonNode value = object.get(key);
            if (value != null && !value.isNull()) {
                return value;
            }
        }
        return null;
    }
}
