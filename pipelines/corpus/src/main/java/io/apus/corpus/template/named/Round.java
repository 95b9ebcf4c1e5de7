package io.apus.corpus.template.named;

import java.util.ArrayList;
import java.util.List;

/** One round of a conversation while it is put together: what the model is given, then what the assistant says. */
final class Round {
    /** A text of the assistant; a group of calls is one. */
    static final class Said {
        private final int first;
        private final int last;
        private String content;

        Said(String content, int first, int last) {
            this.content = content;
            this.first = first;
            this.last = last;
        }

        int first() {
            return first;
        }

        int last() {
            return last;
        }

        String content() {
            return content;
        }

        void replace(String newContent) {
            content = newContent;
        }
    }

    private final boolean isFromTools;
    private final StringBuilder given;
    private final List<Said> said = new ArrayList<>();

    private Round(String given, boolean isFromTools) {
        this.given = new StringBuilder(given);
        this.isFromTools = isFromTools;
    }

    static Round ofUser(String query) {
        return new Round(query, false);
    }

    /** {@code text} is everything from the end of the assistant's last text to where it goes on. */
    static Round ofTools(String text) {
        return new Round(text, true);
    }

    boolean isFromTools() {
        return isFromTools;
    }

    String given() {
        return given.toString();
    }

    void give(String more) {
        given.append(more);
    }

    void replaceGiven(String text) {
        given.setLength(0);
        given.append(text);
    }

    List<Said> said() {
        return said;
    }

    /** All that the assistant says in it. */
    String allSaid() {
        StringBuilder all = new StringBuilder();
        said.forEach(one -> all.append(one.content()));
        return all.toString();
    }
}
