package io.apus.corpus.template;

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
     * What the assistant produces in one turn: characters [start, end) of the text, from behind the generation prompt up to and including
     * the mark that ends the turn.
     *
     * @param firstMessage index of the turn's first message in the conversation; -1 where the template does not tell
     * @param lastMessage index of its last message (tool calls belong to the assistant's turn before them); -1 likewise
     */
    public record Turn(int firstMessage, int lastMessage, int start, int end) {}
}
