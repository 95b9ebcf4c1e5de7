package io.apus.corpus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user relies on: tools are introduced, and calls come back from the text that they were written as. */
class AgentFormatsTest {
    private static final String TOOLS =
            "[{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"description\": \"Weather of a city\","
                    + " \"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\","
                    + " \"description\": \"Its name\"}}, \"required\": [\"city\"]}}},"
                    + " {\"name\": \"now\", \"description\": \"The time\", \"parameters\": {}}]";
    private static final Frame FRAME = new Frame("<end>", "<user>{{QUERY}}<end><model>");
    private static final ToolCall WEATHER = new ToolCall("weather", Map.of("city", "Köln \"am\" Rhein"));
    private static final ToolCall NOW = new ToolCall("now", Map.of());

    static List<String> names() {
        return List.copyOf(AgentFormats.names());
    }

    @Test
    void knowsAllFormatsOfMsSwift() {
        assertThat(AgentFormats.names()).hasSize(32);
        assertThatThrownBy(() -> AgentFormats.get("herms"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"hermes\"?");
    }

    @ParameterizedTest
    @MethodSource("names")
    void callsComeBackFromTheirText(String name) {
        AgentFormat format = AgentFormats.get(name);
        String text = format.calls(List.of(WEATHER, NOW), null);
        assertThat(format.parse(text)).containsExactly(WEATHER, NOW);
        assertThat(format.parse("No call: it is {\"sunny\": true} today.")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSameCallInTheReactWayIsUnderstood(String name) {
        String text = "Thought: ask\nAction: weather\nAction Input: {\"city\": \"Bonn\"}\n";
        assertThat(AgentFormats.get(name).parse(text)).containsExactly(new ToolCall("weather", Map.of("city", "Bonn")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void toolsAreIntroducedByNameAndDescription(String name) {
        Introduction introduction = AgentFormats.get(name).introduce(TOOLS, "Be kind.", "Hi");
        String all = introduction.system() + introduction.user();
        assertThat(all).contains("weather", "Weather of a city", "city", "now").doesNotContain("{{");
        assertThat(introduction.user()).endsWith("Hi");
    }

    @ParameterizedTest
    @MethodSource("names")
    void resultsStandInTheirOrder(String name) {
        AgentFormat format = AgentFormats.get(name);
        Observation observation =
                format.observe(format.calls(List.of(WEATHER, NOW), null), List.of("18 °C", "noon"), FRAME);
        assertThat(observation.text()).containsSubsequence("18 °C", "noon");
    }

    @Test
    void argumentsKeepTheirTypesWhereTheFormatWritesJson() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("days", 3);
        arguments.put("units", List.of("C", 1.5));
        arguments.put("deep", Map.of("on", true));
        for (String name : List.of(
                "hermes",
                "react_en",
                "qwen_zh",
                "llama3",
                "mistral",
                "glm4",
                "deepseek_v3_1",
                "deepseek_v4",
                "kimi_k25",
                "kimi_k3",
                "gemma4",
                "minimax_m2",
                "minimax_m3",
                "hy_v3",
                "minicpm5",
                "youtu")) {
            AgentFormat format = AgentFormats.get(name);
            List<ToolCall> calls = List.of(new ToolCall("f", arguments));
            assertThat(format.parse(format.calls(calls, null))).as(name).isEqualTo(calls);
        }
    }

    @Test
    void hermesIsWrittenAsItsAuthorsDocumentIt() {
        AgentFormat hermes = AgentFormats.get("hermes");
        assertThat(hermes.calls(List.of(new ToolCall("now", Map.of("zone", "CET"))), null))
                .isEqualTo("<tool_call>\n{\"name\": \"now\", \"arguments\": {\"zone\": \"CET\"}}\n</tool_call>");
        assertThat(hermes.observe("x", List.of("noon"), FRAME).text())
                .isEqualTo("<end><user><tool_response>\nnoon\n</tool_response><end><model>");
        assertThat(hermes.introduce("[{\"name\": \"now\"}]", null, "Hi").system())
                .startsWith("\n\n# Tools\n\nYou may call")
                .contains("<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"now\"}}\n</tools>");
    }

    @Test
    void reactGoesOnInOneText() {
        AgentFormat react = AgentFormats.get("react_en");
        String call = react.calls(List.of(new ToolCall("now", Map.of("zone", "CET"))), "Thought: ask");
        assertThat(call).isEqualTo("Action: now\nAction Input: {\"zone\": \"CET\"}\nObservation:");
        Observation observation = react.observe("Action: now\nAction Input: {}", List.of("noon"), FRAME);
        assertThat(observation.assistant()).isEqualTo("Action: now\nAction Input: {}\nObservation:");
        assertThat(observation.text()).isEqualTo("noon\n");
    }

    @Test
    void theOthersThatTheIssueNamesAreWrittenAsDocumented() {
        List<ToolCall> call = List.of(new ToolCall("now", Map.of("zone", "CET")));
        assertThat(AgentFormats.get("qwen_en").calls(call, null))
                .isEqualTo("✿FUNCTION✿: now\n✿ARGS✿: {\"zone\": \"CET\"}\n✿RESULT✿:");
        assertThat(AgentFormats.get("llama3").calls(call, null))
                .isEqualTo("{\"name\": \"now\", \"parameters\": {\"zone\": \"CET\"}}");
        assertThat(AgentFormats.get("mistral").calls(call, null))
                .isEqualTo("[TOOL_CALLS][\n{\"name\": \"now\", \"arguments\": {\"zone\": \"CET\"}}\n]</s>");
        assertThat(AgentFormats.get("glm4").calls(call, null)).isEqualTo("now\n{\"zone\": \"CET\"}<|observation|>");
        assertThat(AgentFormats.get("glm4_5").calls(call, null))
                .isEqualTo(
                        "<tool_call>now\n<arg_key>zone</arg_key>\n<arg_value>CET</arg_value>\n</tool_call><|observation|>");
        assertThat(AgentFormats.get("deepseek_v3_1").calls(call, null))
                .isEqualTo("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>{\"zone\": \"CET\"}"
                        + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>");
        assertThat(AgentFormats.get("qwen3_coder").calls(call, null))
                .isEqualTo(
                        "<tool_call>\n<function=now>\n<parameter=zone>\nCET\n</parameter>\n</function>\n</tool_call>");
    }

    @Test
    void callsHaveTheFormOfOpenAi() {
        assertThat(WEATHER.toOpenAi("toolcall-1"))
                .containsEntry("type", "function")
                .extractingByKey("function")
                .isEqualTo(Map.of("name", "weather", "arguments", "{\"city\": \"Köln \\\"am\\\" Rhein\"}"));
        assertThat(ToolCall.readOrNull("{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}"))
                .isEqualTo(new ToolCall("f", Map.of("a", 1)));
        assertThat(ToolCall.readOrNull("plain text")).isNull();
    }

    @Test
    void toolsThatAreNoDefinitionsAreRefused() {
        assertThatThrownBy(() -> AgentFormats.get("hermes").introduce("\"weather\"", null, "Hi"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("function definitions");
    }
}
