package io.apus.corpus.template;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * What a template writes behind the assistant's content, seen on a conversation of known texts.
 *
 * @param middle the mark that ends a turn in the middle of a conversation
 * @param last the mark that ends the last turn
 */
record TurnEnds(String middle, String last) {
    private static final String ANSWER = "answer";

    /** Renders with turns that end with their marks. */
    @FunctionalInterface
    interface Renderer {
        Rendered render(List<Message> messages);
    }

    /** Both are empty for a template that refuses the conversation. */
    static TurnEnds of(Renderer renderer) {
        Message user = new Message(Roles.USER, "question");
        Message assistant = new Message(Roles.ASSISTANT, ANSWER);
        try {
            Rendered rendered = renderer.render(List.of(user, assistant, user, assistant));
            List<Rendered.Turn> turns = rendered.turns();
            return turns.size() == 2
                    ? new TurnEnds(mark(rendered, turns.get(0)), mark(rendered, turns.get(1)))
                    : new TurnEnds("", "");
        } catch (UserError refused) {
            return new TurnEnds("", "");
        }
    }

    private static String mark(Rendered rendered, Rendered.Turn turn) {
        String text = rendered.text().substring(turn.start(), turn.end());
        int content = text.lastIndexOf(ANSWER);
        return content < 0 ? "" : text.substring(content + ANSWER.length());
    }

    /** The rendering with the content of each turn told from the mark behind it. */
    Rendered split(Rendered rendered) {
        List<Rendered.Turn> turns = new ArrayList<>();
        for (int i = 0; i < rendered.turns().size(); i++) {
            Rendered.Turn turn = rendered.turns().get(i);
            String text = rendered.text().substring(turn.start(), turn.end());
            boolean isLast = i == rendered.turns().size() - 1;
            String mark = isLast && text.endsWith(last) && !last.isEmpty() ? last : text.endsWith(middle) ? middle : "";
            turns.add(new Rendered.Turn(
                    turn.firstMessage(), turn.lastMessage(), turn.start(), turn.end() - mark.length(), turn.end()));
        }
        return new Rendered(rendered.text(), turns);
    }
}
