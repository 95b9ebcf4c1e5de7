package io.apus.corpus.agent;

import java.util.List;

/** How one kind of model writes calls of tools and reads their results. */
interface CallSyntax {
    /** Calls made at once, as the assistant writes them; at least one. */
    String calls(List<ToolCall> calls);

    /** What stands between {@code said}, the assistant's text of the same turn, and its calls; {@code said} is null without one. */
    default String gap(String said) {
        return "";
    }

    /**
     * Results as the model reads them, from the end of the assistant's text to where it goes on.
     *
     * @param calls what they answer, as far as the conversation tells
     */
    String results(List<String> results, List<ToolCall> calls, Frame frame);

    /** As {@link #results} completes the assistant's text before them. */
    default Observation observe(String assistant, List<String> results, Frame frame) {
        return new Observation(assistant, results(results, parse(assistant), frame));
    }

    /** Results that follow a user's message without a call, appended to that message; null where the format has no way to say so. */
    default String standalone(List<String> results, Frame frame) {
        return null;
    }

    /** One tool of the introduction, where its text in {@code prompts.json} is not enough; null leaves it to that. */
    default String tool(Tool tool) {
        return null;
    }

    /** The calls in a text that a model wrote; empty where it calls nothing. */
    List<ToolCall> parse(String text);
}
