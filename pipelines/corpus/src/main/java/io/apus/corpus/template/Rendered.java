package io.apus.corpus.template;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation as the text that the model reads.
 *
 * @param text the rendering
 * @param turns what the assistant produces in it, in order and without overlap
 */
public record Rendered(String text, List<Turn> turns) {
    public Rendered {
        turns = List.copyOf(turns);
    }

    /**
     * The text that ends with {@code mark} behind its last turn, which learns it; the same where another's text follows that turn.
     */
    public Rendered endedWith(String mark) {
        if (mark.isEmpty() || turns.isEmpty()) {
            return this;
        }
        Turn last = turns.get(turns.size() - 1);
        if (!text.substring(last.end()).isBlank()) {
            return this;
        }
        List<Turn> ended = new ArrayList<>(turns.subList(0, turns.size() - 1));
        ended.add(new Turn(
                last.firstMessage(), last.lastMessage(), last.start(), last.end(), last.end() + mark.length()));
        return new Rendered(text.substring(0, last.end()) + mark, ended);
    }

    /**
     * What the assistant produces in one turn: characters [start, end) of the text, from behind the generation prompt up to and including
     * the mark that ends the turn.
     *
     * @param firstMessage index of the turn's first message in the conversation; -1 where the template does not tell
     * @param lastMessage index of its last message (tool calls belong to the assistant's turn before them); -1 likewise
     * @param contentEnd where the mark begins that ends the turn; {@code end} where there is none
     */
    public record Turn(int firstMessage, int lastMessage, int start, int contentEnd, int end) {
        public Turn(int firstMessage, int lastMessage, int start, int end) {
            this(firstMessage, lastMessage, start, end, end);
        }
    }
}
