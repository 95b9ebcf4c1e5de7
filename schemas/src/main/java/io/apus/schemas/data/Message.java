package io.apus.schemas.data;

import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role system, user, assistant, tool_call or tool_response (see {@link Roles})
 * @param content the text of the turn, never null
 * @param loss whether this turn is trained on; null leaves it to {@code loss_scale}
 * @param lossScale weight of this turn's tokens; null leaves it to {@code loss_scale}
 */
public record Message(String role, String content, Boolean loss, Double lossScale) {
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }

    public Message(String role, String content) {
        this(role, content, null, null);
    }
}
