package io.apus.corpus.agent;

/** The reasoning at the head of an assistant's text. */
final class Thinking {
    private static final String END = "</think>";

    private Thinking() {}

    /** What is said behind it. */
    static String behind(String said) {
        return said.substring(said.contains(END) ? said.lastIndexOf(END) + END.length() : 0);
    }
}
