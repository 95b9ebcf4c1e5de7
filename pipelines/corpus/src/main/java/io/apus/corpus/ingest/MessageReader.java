package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lists of messages in their many spellings: role or from, content or value, the role names of ShareGPT and OpenAI, pairs of {human,
 * assistant}, content blocks, OpenAI's tool_calls and reasoning_content. Other keys of a message than role, content, loss and loss_scale
 * are dropped, as in ms-swift.
 */
final class MessageReader {
    private static final List<String> ROLE_KEYS = List.of("role", "from");
    private static final List<String> CONTENT_KEYS = List.of("content", "value");
    private static final List<String> USER_NAMES = List.of("user", "human");
    private static final List<String> ASSISTANT_NAMES = List.of("assistant", "gpt", "bot");

    private static final Map<String, String> ROLES = Map.ofEntries(
            Map.entry("system", Roles.SYSTEM),
            Map.entry("developer", Roles.SYSTEM),
            Map.entry("user", Roles.USER),
            Map.entry("human", Roles.USER),
            Map.entry("assistant", Roles.ASSISTANT),
            Map.entry("gpt", Roles.ASSISTANT),
            Map.entry("bot", Roles.ASSISTANT),
            Map.entry("tool_call", Roles.TOOL_CALL),
            Map.entry("function_call", Roles.TOOL_CALL),
            Map.entry("tool_response", Roles.TOOL_RESPONSE),
            Map.entry("tool", Roles.TOOL_RESPONSE),
            Map.entry("function", Roles.TOOL_RESPONSE),
            Map.entry("function_response", Roles.TOOL_RESPONSE),
            Map.entry("observation", Roles.TOOL_RESPONSE),
            Map.entry("observations", Roles.TOOL_RESPONSE));

    private MessageReader() {}

    /** Whether a value is a list of messages and not of texts or content blocks. */
    static boolean areMessages(JsonNode value) {
        return value.isArray()
                && !value.isEmpty()
                && value.get(0).isObject()
                && !value.get(0).path("type").isTextual()
                && (Texts.first(value.get(0), ROLE_KEYS) != null || isPair(value.get(0)));
    }

    /** The messages of a list, or of the text of a list (CSV has no lists); {@link RefusedRow} where it holds none. */
    static List<Turn> read(JsonNode value) {
        JsonNode list = value.isTextual() ? Texts.parsedOrNull(value.textValue()) : value;
        if (list == null) {
            throw new RefusedRow(Refusal.NO_MESSAGES, "the messages are a text that is not JSON");
        }
        if (!list.isArray() || list.isEmpty()) {
            throw new RefusedRow(
                    Refusal.NO_MESSAGES,
                    list.isArray() ? "the list of messages is empty" : "the messages are not a list");
        }
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode message = list.get(i);
            if (!message.isObject()) {
                throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + i + " is not an object");
            }
            turns.addAll(isPair(message) ? pair(message) : one(message, i));
        }
        return turns;
    }

    private static boolean isPair(JsonNode message) {
        return Texts.first(message, ROLE_KEYS) == null && Texts.first(message, USER_NAMES) != null;
    }

    private static List<Turn> pair(JsonNode pair) {
        List<Turn> turns = new ArrayList<>();
        turns.addAll(MessageContent.turns(Texts.first(pair, USER_NAMES), new Message(Roles.USER, "")));
        JsonNode answer = Texts.first(pair, ASSISTANT_NAMES);
        if (answer != null) {
            turns.addAll(MessageContent.turns(answer, new Message(Roles.ASSISTANT, "")));
        }
        return turns;
    }

    private static List<Turn> one(JsonNode message, int number) {
        Message like = new Message(role(message, number), "", loss(message), lossScale(message));
        List<String> calls = like.role().equals(Roles.ASSISTANT) ? ToolCalls.ofMessage(message) : List.of();
        String reasoning = reasoning(message, like.role());
        JsonNode content = Texts.first(message, CONTENT_KEYS);
        if (content == null && calls.isEmpty() && reasoning.isEmpty()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + number + " has no content");
        }
        List<Turn> turns = new ArrayList<>();
        if (content != null && !(content.isArray() && content.isEmpty())) {
            turns.addAll(MessageContent.turns(content, like));
        }
        if (!reasoning.isEmpty()) {
            think(turns, reasoning, like);
        }
        if (!calls.isEmpty()) {
            turns.removeIf(turn -> turn.content().isEmpty());
            calls.forEach(call ->
                    turns.add(new Turn(new Message(Roles.TOOL_CALL, call, like.loss(), like.lossScale()), List.of())));
        }
        if (turns.isEmpty()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + number + " has no content");
        }
        return turns;
    }

    /** Puts reasoning in front of the first thing that the assistant says or calls. */
    private static void think(List<Turn> turns, String reasoning, Message like) {
        if (turns.isEmpty() || !turns.get(0).role().equals(Roles.ASSISTANT)) {
            turns.add(0, new Turn(like, List.of()).saying(reasoning));
        } else {
            turns.set(0, turns.get(0).saying(reasoning + turns.get(0).content()));
        }
    }

    private static String role(JsonNode message, int number) {
        JsonNode name = Texts.first(message, ROLE_KEYS);
        if (name == null || !name.isTextual()) {
            throw new RefusedRow(Refusal.BAD_MESSAGE, "message " + number + " has no role");
        }
        String role = ROLES.get(name.textValue().toLowerCase(Locale.ROOT).replace('-', '_'));
        if (role == null) {
            throw new RefusedRow(
                    Refusal.UNKNOWN_ROLE, "message " + number + " has the role \"" + name.textValue() + "\"");
        }
        return role;
    }

    /** Reasoning beside the content (OpenAI-compatible servers, newer templates), which would be lost as an unknown key. */
    private static String reasoning(JsonNode message, String role) {
        JsonNode reasoning = message.path("reasoning_content");
        return role.equals(Roles.ASSISTANT)
                        && reasoning.isTextual()
                        && !reasoning.textValue().isBlank()
                ? ContentBlocks.think(reasoning.textValue())
                : "";
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
}
