package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Seed-OSS: tools as Python signatures, calls as function and parameter elements inside {@code seed:tool_call} (its chat template). */
final class SeedTags implements CallSyntax {
    private static final Pattern CALL = Blocks.pattern("<seed:tool_call>(.+?)</seed:tool_call>");
    private static final Pattern NAME = Blocks.pattern("<function=([^>]+)>");
    private static final Pattern PARAMETER = Blocks.pattern("<parameter=([^>]+)>(.*?)</parameter>");

    @Override
    public String calls(List<ToolCall> calls) {
        return Blocks.each(calls, SeedTags::call, "\n");
    }

    private static String call(ToolCall call) {
        StringBuilder text = new StringBuilder("<seed:tool_call>\n<function=" + call.name() + ">\n");
        call.argumentMap().forEach((name, value) -> text.append("<parameter=")
                .append(name)
                .append('>')
                .append(value instanceof String plain ? plain : PythonJson.of(value))
                .append("</parameter>\n"));
        return text.append("</function>\n</seed:tool_call>").toString();
    }

    @Override
    public String results(List<String> results, List<ToolCall> calls, Frame frame) {
        return "<seed:eos>" + Blocks.each(results, "<seed:bos>tool\n", "<seed:eos>", "") + "<seed:bos>assistant\n";
    }

    @Override
    public String tool(Tool tool) {
        return PythonSignature.of(tool);
    }

    @Override
    public List<ToolCall> parse(String text) {
        return Blocks.find(CALL, text, match -> {
            List<String> names = Blocks.find(NAME, match.group(1), name -> name.group(1));
            Map<String, Object> arguments = new LinkedHashMap<>();
            Blocks.find(PARAMETER, match.group(1), one -> arguments.put(one.group(1), one.group(2)));
            return names.isEmpty() ? null : new ToolCall(names.get(0), arguments);
        });
    }
}
