package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * GLM-4.5 and later: {@code arg_key} and {@code arg_value} elements inside {@code tool_call}; values other than text as JSON, as the
 * models' own chat templates write them. They are read as text.
 *
 * @param isSpaced GLM-4.5 puts line breaks between the elements, the later ones nothing
 */
record ArgumentTags(boolean isSpaced) implements CallSyntax {
    private static final String OBSERVATION = "<|observation|>";
    private static final Pattern CALL = Blocks.pattern("<tool_call>(.*?)</tool_call>");
    private static final Pattern NAME = Blocks.pattern("^\\s*([^\\n<]+)");
    private static final Pattern ARGUMENT = Blocks.pattern("<arg_key>(.*?)</arg_key>\\s*<arg_value>(.*?)</arg_value>");

    private String line() {
        return isSpaced ? "\n" : "";
    }

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(calls, this::call, line()) + OBSERVATION;
    }

    private String call(ToolCall call) {
        StringBuilder text = new StringBuilder("<tool_call>" + call.name() + line());
        call.argumentMap().forEach((name, value) -> text.append("<arg_key>")
                .append(name)
                .append("</arg_key>")
                .append(line())
                .append("<arg_value>")
                .append(value instanceof String plain ? plain : PythonJson.of(value))
                .append("</arg_value>")
                .append(line()));
        return text.append("</tool_call>").toString();
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return responses(results) + "<|assistant|>" + line();
    }

    private String responses(List<String> results) {
        return Blocks.each(results, line() + "<tool_response>" + line(), line() + "</tool_response>", "");
    }

    @Override
    public String standalone(List<String> results, Frame frame) {
        return OBSERVATION + responses(results);
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            List<String> names =
                    Blocks.find(NAME, match.group(1), name -> name.group(1).strip());
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(
                    ARGUMENT,
                    match.group(1),
                    one -> arguments.put(one.group(1).strip(), one.group(2).strip()));
            return names.isEmpty() ? null : new ToolCall(names.get(0), arguments);
        });
    }
}
