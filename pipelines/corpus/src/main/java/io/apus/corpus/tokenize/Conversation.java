package io.apus.corpus.tokenize;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Brings a conversation into the form that chat templates expect. */
final class Conversation {
    private Conversation() {}

    /**
     * Puts the default system prompt before a conversation that has none, and joins neighbouring messages of the user or of the assistant,
     * as ms-swift does; messages whose loss settings differ stay apart.
     *
     * @param system the default system prompt, or null
     */
    static List<Message> prepared(List<Message> messages, String system) {
        List<Message> prepared = new ArrayList<>();
        boolean hasSystem = !messages.isEmpty() && messages.get(0).role().equals(Roles.SYSTEM);
        if (system != null && !hasSystem) {
            prepared.add(new Message(Roles.SYSTEM, system));
        }
        for (Message message : messages) {
            int last = prepared.size() - 1;
            if (last >= 0 && joins(prepared.get(last), message)) {
                Message first = prepared.get(last);
                prepared.set(
                        last,
                        new Message(
                                first.role(), first.content() + message.content(), first.loss(), first.lossScale()));
            } else {
                prepared.add(message);
            }
        }
        return prepared;
    }

    private static boolean joins(Message first, Message second) {
        boolean isJoined = first.role().equals(Roles.USER) || first.role().equals(Roles.ASSISTANT);
        return isJoined
                && first.role().equals(second.role())
                && Objects.equals(first.loss(), second.loss())
                && Objects.equals(first.lossScale(), second.lossScale());
    }
}
