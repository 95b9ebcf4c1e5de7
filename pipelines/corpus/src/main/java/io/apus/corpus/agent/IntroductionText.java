package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text that introduces tools, as {@code prompts.json} has it: before + text + after, the system text in the place of {{SYSTEM}}.
 *
 * @param before what stands first where there is a system text
 * @param beforeNone the same where there is none
 * @param text {{TOOLS}} stands for the tools, {{NAMES}} for their names
 * @param after what stands last where there is a system text
 * @param user what the first user message becomes, {{QUERY}} in the place of its text; empty leaves it
 * @param tool one tool: {{TOOL}}, {{TOOL_INDENTED}} (wrapped), {{FUNCTION}}, {{INDENTED}} (bare) as JSON, {{NAME}}, {{DESCRIPTION}},
 *     {{PARAMETERS}}
 * @param join between tools
 */
record IntroductionText(
        String before, String beforeNone, String text, String after, String user, String tool, String join) {
    private static final int INDENT = 4;

    Introduction write(List<Tool> tools, CallSyntax syntax, String system, String query) {
        String listed = tools.stream().map(one -> tool(one, syntax)).collect(Collectors.joining(join));
        String names = tools.stream().map(Tool::name).collect(Collectors.joining(","));
        boolean hasSystem = system != null && !system.isEmpty();
        String body = text.replace("{{NAMES}}", names).replace("{{TOOLS}}", listed);
        String whole = hasSystem
                ? before.replace("{{SYSTEM}}", system) + body + after.replace("{{SYSTEM}}", system)
                : beforeNone + body;
        int asked = user.indexOf(Frame.QUERY);
        String opening = asked < 0
                ? query
                : user.substring(0, asked).replace("{{TOOLS}}", listed)
                        + query
                        + user.substring(asked + Frame.QUERY.length());
        return new Introduction(whole, opening);
    }

    private String tool(Tool one, CallSyntax syntax) {
        String own = syntax.tool(one);
        if (own != null) {
            return own;
        }
        return switch (tool) {
            case "{{TOOL_INDENTED}}" -> PythonJson.indented(one.wrapped(), INDENT);
            default -> fill(one);
        };
    }

    /** One pass, so that nothing inside a tool is taken for a mark. */
    private String fill(Tool one) {
        StringBuilder filled = new StringBuilder();
        int position = 0;
        while (position < tool.length()) {
            int open = tool.indexOf("{{", position);
            int close = open < 0 ? -1 : tool.indexOf("}}", open);
            if (close < 0) {
                break;
            }
            filled.append(tool, position, open).append(value(one, tool.substring(open + 2, close)));
            position = close + 2;
        }
        return filled.append(tool.substring(position)).toString();
    }

    private static String value(Tool one, String mark) {
        return switch (mark) {
            case "TOOL" -> PythonJson.of(one.wrapped());
            case "FUNCTION" -> PythonJson.of(one.function());
            case "INDENTED" -> PythonJson.indented(one.function(), INDENT);
            case "NAME" -> one.name();
            case "HUMAN_NAME" -> one.humanName();
            case "DESCRIPTION" -> one.description();
            case "PARAMETERS" -> one.parametersJson();
            default -> throw new IllegalStateException("prompts.json has the unknown mark " + mark);
        };
    }
}
