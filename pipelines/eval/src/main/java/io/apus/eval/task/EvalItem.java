package io.apus.eval.task;

import io.apus.schemas.data.Message;
import java.util.List;

/**
 * One question of an evaluation set, as text.
 *
 * @param task evaluation set
 * @param kind name of the {@link EvalKind}
 * @param id id of the item in its set; items are ordered by it
 * @param messages the conversation up to the answer
 * @param choices the answers to choose from (multiple_choice); empty otherwise
 * @param answer index of the right choice, or -1
 * @param reference the right answer as text
 * @param answerPattern regular expression that finds the compared part in answer and reference (generation), or null
 */
public record EvalItem(
        String task,
        String kind,
        String id,
        List<Message> messages,
        List<String> choices,
        int answer,
        String reference,
        String answerPattern) {
    public EvalItem {
        messages = List.copyOf(messages);
        choices = List.copyOf(choices);
    }

    /** The conversation for a reader: the text of a single question, else each turn with its role. */
    public String prompt() {
        if (messages.size() == 1) {
            return messages.get(0).content();
        }
        return String.join(
                "\n",
                messages.stream()
                        .map(message -> message.role() + ": " + message.content())
                        .toList());
    }
}
