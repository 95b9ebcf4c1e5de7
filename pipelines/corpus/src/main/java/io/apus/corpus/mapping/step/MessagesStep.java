package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** {@code messages: {from, into, role, content, roles, pair, drop_system}}: reads a list of messages that spells them its own way.
 * {@code role} and {@code content} name its keys (else role or from, content or value), {@code roles} its names of roles; {@code pair}
 * names the keys of question and answer where one item holds both. A leading system prompt is dropped where {@code drop_system} is true
 * or its very text. */
public final class MessagesStep implements RowStep {
    private final List<String> from;
    private final String into;
    private final List<String> roleKeys;
    private final List<String> contentKeys;
    private final Map<String, Object> roles;
    private final List<String> pair;
    private final String dropSystem;

    private MessagesStep(StepOptions options) {
        from = options.has("from") ? options.texts("from") : List.of("messages", "conversation", "conversations");
        into = options.text("into", "messages");
        roleKeys = options.has("role") ? options.texts("role") : List.of("role", "from");
        contentKeys = options.has("content") ? options.texts("content") : List.of("content", "value");
        roles = options.has("roles") ? options.part("roles").all() : Map.of();
        pair = options.has("pair") ? options.texts("pair") : List.of();
        dropSystem = options.text("drop_system", "");
    }

    public static RowStep of(StepOptions options) {
        options.only("from", "into", "role", "content", "roles", "pair", "drop_system");
        return new MessagesStep(options);
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        String column = from.stream()
                .filter(path -> RowPath.find(row, path) != null)
                .findFirst()
                .orElseThrow(() -> StepFailure.broken("the row has no " + String.join(" or ", from)));
        JsonNode list = RowPath.need(row, column);
        if (!list.isArray() || list.isEmpty()) {
            throw StepFailure.broken(column + " is no list with messages");
        }
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            if (!pair.isEmpty()) {
                messages.add(message("user", first(item, pair.subList(0, 1))));
                messages.add(message("assistant", first(item, pair.subList(1, 2))));
            } else {
                String role = first(item, roleKeys).asText();
                messages.add(message(String.valueOf(roles.getOrDefault(role, role)), first(item, contentKeys)));
            }
        }
        if (isUnwantedSystem(messages.get(0))) {
            messages.remove(0);
        }
        row.remove(column);
        row.set(into, messages);
    }

    private static JsonNode first(JsonNode item, List<String> keys) {
        for (String key : keys) {
            if (item.hasNonNull(key)) {
                return item.get(key);
            }
        }
        throw StepFailure.broken("a message has no " + String.join(" or ", keys));
    }

    private static ObjectNode message(String role, JsonNode content) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", role);
        message.put("content", content.isArray() ? blocks(content) : Written.text(content));
        return message;
    }

    /** Text blocks one after the other, with a tag where a picture is shown. */
    private static String blocks(JsonNode blocks) {
        StringBuilder text = new StringBuilder();
        for (JsonNode block : blocks) {
            switch (block.path("type").asText()) {
                case "text" -> text.append(block.path("text").asText());
                case "image" -> text.append("<image>");
                default -> throw StepFailure.broken("a message has a block of the type " + block.path("type"));
            }
        }
        return text.toString();
    }

    private boolean isUnwantedSystem(JsonNode first) {
        return !dropSystem.isEmpty()
                && first.path("role").asText().equals("system")
                && (dropSystem.equals("true")
                        || dropSystem.equals(first.path("content").asText()));
    }

    @Override
    public String words() {
        return into + " are the messages in " + String.join(" or ", from)
                + (pair.isEmpty() ? "" : ", pairs of " + String.join(" and ", pair))
                + (roles.isEmpty() ? "" : ", roles named by " + roles)
                + (dropSystem.isEmpty() ? "" : ", without their default system prompt");
    }
}
