package io.apus.corpus.tokenize;

import io.apus.corpus.template.Rendered;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/** Samples read without a chat template: the contents one after the other, then the end-of-sequence token. */
final class PlainText {
    private PlainText() {}

    /** {@code eos} may be null: then nothing follows. It belongs to the assistant's turn where that is the last. */
    static Rendered render(List<Message> messages, String eos) {
        StringBuilder text = new StringBuilder();
        List<Rendered.Turn> turns = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            int start = text.length();
            text.append(message.content());
            if (i == messages.size() - 1 && eos != null) {
                text.append(eos);
            }
            boolean isAssistant =
                    message.role().equals(Roles.ASSISTANT) || message.role().equals(Roles.TOOL_CALL);
            if (isAssistant && start < text.length()) {
                turns.add(new Rendered.Turn(i, i, start, text.length()));
            }
        }
        return new Rendered(text.toString(), turns);
    }
}
