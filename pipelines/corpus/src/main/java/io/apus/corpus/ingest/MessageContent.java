package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.List;

/** The content of one message. */
final class MessageContent {
    private MessageContent() {}

    /** The turns that a content stands for, with the role and the loss settings of {@code like}; never empty. */
    static List<Turn> turns(JsonNode content, Message like) {
        if (ContentBlocks.areBlocks(content)) {
            List<Turn> turns = ContentBlocks.turns(content, like);
            return turns.isEmpty() ? List.of(saying(like, "")) : turns;
        }
        if (like.role().equals(Roles.TOOL_CALL) && (content.isTextual() || content.isContainerNode())) {
            return ToolCalls.ofContent(content).stream()
                    .map(call -> saying(like, call))
                    .toList();
        }
        return List.of(saying(like, text(content, like.role())));
    }

    private static Turn saying(Message like, String text) {
        return new Turn(like, List.of()).saying(text);
    }

    /** A text as it is, text blocks one after the other, and what a tool is given or gives back as JSON text. Anything else is refused. */
    static String text(JsonNode content, String role) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (ContentBlocks.areBlocks(content)) {
            List<Turn> turns = ContentBlocks.turns(content, new Message(role, ""));
            if (turns.size() == 1 && turns.get(0).media().isEmpty()) {
                return turns.get(0).content();
            }
        }
        if (content.isContainerNode() && (role.equals(Roles.TOOL_CALL) || role.equals(Roles.TOOL_RESPONSE))) {
            return content.toString();
        }
        throw new RefusedRow(
                Refusal.CONTENT_NOT_TEXT, "the content of a " + role + " turn is " + kind(content) + ", not text");
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
}
