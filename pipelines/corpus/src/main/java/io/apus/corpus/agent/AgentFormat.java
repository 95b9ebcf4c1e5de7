package io.apus.corpus.agent;

import java.util.List;

/**
 * A tool-calling format: tools become system text, calls the assistant's text, results the text that the model reads next, and what a
 * model wrote becomes calls again. Texts that call in the ReAct way are understood by all formats, as in ms-swift.
 */
public final class AgentFormat {
    private final IntroductionText introduction;
    private final CallSyntax syntax;

    AgentFormat(IntroductionText introduction, CallSyntax syntax) {
        this.introduction = introduction;
        this.syntax = syntax;
    }

    /**
     * Introduces the tools.
     *
     * @param toolsJson the JSON text of a list of OpenAI function definitions
     * @param system the system text, or null
     * @param user the first user message
     * @throws io.apus.schemas.UserError where the tools are something else
     */
    public Introduction introduce(String toolsJson, String system, String user) {
        return introduction.write(Tool.read(toolsJson), syntax, system, user);
    }

    /**
     * Calls made at once as the assistant's text.
     *
     * @param said the assistant's text before them in the same turn, or null
     */
    public String calls(List<ToolCall> calls, String said) {
        return syntax.gap(said) + syntax.calls(calls);
    }

    /** Hands results to the model after {@code assistant}, the whole text of the turn that made the calls. */
    public Observation observe(String assistant, List<String> results, Frame frame) {
        boolean isReact = Keywords.REACT.areIn(assistant) && !(syntax instanceof Keywords);
        return (isReact ? Keywords.REACT : syntax).observe(assistant, results, frame);
    }

    /** Results that follow a user's message at once: what is appended to it; null where the format has no way to say so. */
    public String standalone(List<String> results, Frame frame) {
        return syntax.standalone(results, frame);
    }

    /** The calls in a text that a model wrote; empty where it calls nothing. */
    public List<ToolCall> parse(String text) {
        List<ToolCall> calls = syntax.parse(text);
        return calls.isEmpty() ? Keywords.REACT.parse(text) : calls;
    }
}
