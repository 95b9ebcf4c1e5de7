package io.apus.corpus.template.named;

import io.apus.schemas.data.Message;

/** What a family of models writes beyond the frame of its template; the defaults write nothing. */
interface Style {
    Style PLAIN = new Style() {};

    /** A message as it enters the template. */
    default Message message(Message message) {
        return message;
    }

    /** An assistant's text, its calls written out, before thinking prefixes. */
    default String assistant(String content) {
        return content;
    }

    /** Whether the system text is written before the first user message instead of in a turn of its own. */
    default boolean putsSystemIntoUser() {
        return false;
    }

    /**
     * The system text, tools introduced; null for none.
     *
     * @param setting what was asked for
     */
    default String system(String system, Setting setting) {
        return system;
    }

    /** What an answer with thinking begins with. */
    default String thinkingStart() {
        return "<think>";
    }

    /** What is left of an earlier answer when its thinking is dropped. */
    default String withoutThinking(String content) {
        return content.substring(behind(content, "</think>")).strip();
    }

    /** Behind the last {@code mark}; 0 where there is none. */
    static int behind(String content, String mark) {
        int found = content.lastIndexOf(mark);
        return found < 0 ? 0 : found + mark.length();
    }

    /** What stands before the assistant's text {@code next}; {@code next} is null where the model goes on. */
    default String beforeAnswer(String prompt, String next) {
        return prompt;
    }
}
