package io.apus.corpus.agent;

/**
 * What a template puts around turns, for formats that hand results over as a turn.
 *
 * @param separator what ends an assistant's turn in the middle of a conversation
 * @param prompt a user's turn with {@code {{QUERY}}} in the place of its text, up to where the assistant begins
 */
public record Frame(String separator, String prompt) {
    static final String QUERY = "{{QUERY}}";

    /** The separator and a turn that says {@code text}. */
    String turn(String text) {
        return separator + prompt.replace(QUERY, text);
    }

    /** As {@link #turn}, up to the end of {@code text}. */
    String openTurn(String text) {
        int query = prompt.indexOf(QUERY);
        return separator + (query < 0 ? prompt : prompt.substring(0, query)) + text;
    }
}
