package io.apus.corpus.template.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.template.Rendered;
import io.apus.corpus.template.SpecialTokens;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise: the frame is written around the texts, and what is trained on is the assistant's texts with the suffix behind them. */
class NamedChatTemplateTest {
    private static final Message SYSTEM = new Message("system", "Be kind.");
    private static final Message USER = new Message("user", "Hi");
    private static final Message ANSWER = new Message("assistant", "Yes.");
    private static final Message CALL = new Message("tool_call", "{\"name\": \"now\", \"arguments\": {}}");
    private static final Message RESULT = new Message("tool_response", "noon");
    private static final String TOOLS = "[{\"name\": \"now\", \"description\": \"The time\", \"parameters\": {}}]";

    static List<String> names() {
        return List.copyOf(NamedTemplates.names());
    }

    private static ChatTemplate template(String name, String agent, boolean trainsLastRound) {
        Map<String, String> tokens = Map.of("bos_token", "<BOS>", "eos_token", "<EOS>");
        return NamedChatTemplate.of(name, agent, SpecialTokens.of(tokens), id -> "<" + id + ">", trainsLastRound);
    }

    private static ChatTemplate template(String name) {
        return template(name, null, false);
    }

    private static Rendered render(String name, Message... messages) {
        return template(name).renderWithMask(List.of(messages), null, Map.of());
    }

    private static List<String> trained(Rendered rendered) {
        return rendered.turns().stream()
                .map(turn -> rendered.text().substring(turn.start(), turn.contentEnd()) + "|"
                        + rendered.text().substring(turn.contentEnd(), turn.end()))
                .toList();
    }

    @Test
    void allOfMsSwiftAreKnownByName() {
        assertThat(NamedTemplates.names()).hasSize(238).contains("chatml", "qwen2_5", "llama3", "gemma", "phi3");
        assertThatThrownBy(() -> template("qwen2.5"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"qwen2_5\"?");
    }

    /** On every template: the rounds that it keeps are trained on, and nothing of anyone else. */
    @ParameterizedTest
    @MethodSource("names")
    void trainsOnTheAssistantsTextsOnly(String name) {
        Rendered rendered = render(
                name,
                USER,
                new Message("assistant", "ANSWER1"),
                new Message("user", "{{QUERY}}"),
                new Message("assistant", "ANSWER2"));
        boolean isSingle = NamedTemplates.get(name).chatSep() == null;
        List<String> trained = trained(rendered);
        assertThat(trained).hasSize(isSingle ? 1 : 2);
        assertThat(trained.get(trained.size() - 1)).contains("ANSWER2");
        StringBuilder others = new StringBuilder();
        int position = 0;
        for (Rendered.Turn turn : rendered.turns()) {
            others.append(rendered.text(), position, turn.start());
            position = turn.end();
        }
        assertThat(others.append(rendered.text().substring(position)).toString())
                .contains("{{QUERY}}")
                .doesNotContain("ANSWER");
        assertThat(rendered.text()).doesNotContain("{{EOS}}", "{{BOS}}", "{{SYSTEM}}", "{{ID");
    }

    /** What the model is asked with when it generates is what it saw before its answer in training. */
    @ParameterizedTest
    @MethodSource("names")
    void promptsAreWhatTrainingShows(String name) {
        NamedTemplate frame = NamedTemplates.get(name);
        Map<String, Object> kwargs = Map.of("response_prefix", "", "enable_thinking", false);
        Rendered whole = template(name).renderWithMask(List.of(USER, ANSWER), null, kwargs);
        String prompt = template(name).render(List.of(USER), null, kwargs, true);
        String seen = whole.text().substring(0, whole.turns().get(0).start());
        boolean isGlm = frame.style().startsWith("glm") && seen.endsWith("\n");
        assertThat(prompt).isEqualTo(isGlm ? seen.substring(0, seen.length() - 1) : seen);
    }

    @Test
    void chatmlIsExactOverSeveralTurns() {
        Rendered rendered = render("chatml", SYSTEM, USER, ANSWER, USER, new Message("assistant", ""));
        assertThat(rendered.text())
                .isEqualTo(
                        """
                        <|im_start|>system
                        Be kind.<|im_end|>
                        <|im_start|>user
                        Hi<|im_end|>
                        <|im_start|>assistant
                        Yes.<|im_end|>
                        <|im_start|>user
                        Hi<|im_end|>
                        <|im_start|>assistant
                        <|im_end|>
                        """);
        assertThat(trained(rendered)).containsExactly("Yes.|<|im_end|>\n", "|<|im_end|>\n");
    }

    /** Where turns in the middle end otherwise than the last one, only the last one's end is learnt. */
    @Test
    void onlyTheSuffixIsLearnt() {
        assertThat(trained(render("gemma", USER, ANSWER, USER, ANSWER)))
                .containsExactly("Yes.|<end_of_turn>", "Yes.|<end_of_turn>");
        assertThat(trained(render("ernie", USER, ANSWER, USER, ANSWER))).containsExactly("Yes.|", "Yes.|</s>");
        assertThat(trained(render("dummy", USER, ANSWER, USER, ANSWER))).containsExactly("Yes.|<EOS>");
    }

    @Test
    void theSystemTextStandsWhereTheTemplateHasIt() {
        assertThat(render("mistral_nemo", SYSTEM, USER, ANSWER, USER, ANSWER).text())
                .isEqualTo("<s>[INST] Hi[/INST]Yes.</s>[INST] Be kind.\n\nHi[/INST]Yes.</s>");
        assertThat(render("mistral_nemo", USER, ANSWER).text()).isEqualTo("<s>[INST] Hi[/INST]Yes.</s>");
        assertThat(render("gemma3_text", SYSTEM, USER, ANSWER).text())
                .startsWith("<bos><start_of_turn>user\nBe kind.\n\nHi<end_of_turn>");
        assertThat(render("qwen2_5", USER, ANSWER).text())
                .startsWith("<|im_start|>system\nYou are Qwen, created by Alibaba Cloud.");
        assertThatThrownBy(() -> render("dummy", SYSTEM, USER, ANSWER)).hasMessageContaining("no place for a system");
        assertThatThrownBy(() -> render("chatml", USER, SYSTEM, ANSWER)).hasMessageContaining("may only come first");
    }

    @Test
    void tokensComeFromTheTokenizerAndRoundsAreCounted() {
        assertThat(render("deepseek", USER, ANSWER).text()).isEqualTo("<BOS>User: Hi\n\nAssistant:Yes.<EOS>");
        assertThat(render("baichuan", USER, ANSWER).text()).isEqualTo("<195>Hi<196>Yes.<EOS>");
        assertThat(render("chatglm2", USER, ANSWER, USER, ANSWER).text()).contains("[Round 1]", "[Round 2]");
        assertThatThrownBy(() -> NamedChatTemplate.of("deepseek", null, SpecialTokens.of(Map.of()), id -> "", false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("bos token");
    }

    @Test
    void neighboursJoinAndKeepTheirPlaces() {
        Rendered rendered = render("chatml", USER, USER, ANSWER, new Message("assistant", " No.", false, null), USER);
        assertThat(rendered.text())
                .contains("user\nHiHi<|im_end|>", "Yes. No.<|im_end|>")
                .endsWith("Hi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(trained(rendered)).containsExactly("Yes.|", " No.|<|im_end|>\n");
        assertThat(rendered.turns()).extracting(Rendered.Turn::firstMessage).containsExactly(2, 3);
        assertThat(trained(render("chatml", ANSWER))).containsExactly("Yes.|<|im_end|>\n");
    }

    @Test
    void callsAndResultsFollowTheAgentFormat() {
        Rendered rendered =
                template("qwen2_5").renderWithMask(List.of(USER, ANSWER, CALL, CALL, RESULT, ANSWER), TOOLS, Map.of());
        String call = "<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>";
        assertThat(rendered.text())
                .contains("# Tools")
                .endsWith("<|im_start|>assistant\nYes." + call + "\n" + call + "<|im_end|>\n<|im_start|>user\n"
                        + "<tool_response>\nnoon\n</tool_response><|im_end|>\n<|im_start|>assistant\nYes.<|im_end|>\n");
        assertThat(trained(rendered))
                .containsExactly("Yes.|", call + "\n" + call + "|<|im_end|>\n", "Yes.|<|im_end|>\n");
        assertThat(rendered.turns().get(1).lastMessage()).isEqualTo(3);
    }

    @Test
    void reactResultsAreNotTrainedOn() {
        Rendered rendered = template("chatml", "react_en", false)
                .renderWithMask(
                        List.of(USER, CALL, RESULT, new Message("assistant", "Final Answer: noon")), TOOLS, Map.of());
        assertThat(rendered.text())
                .endsWith("Action: now\nAction Input: {}\nObservation:noon\nFinal Answer: noon<|im_end|>\n");
        assertThat(trained(rendered))
                .containsExactly("Action: now\nAction Input: {}\nObservation:|", "Final Answer: noon|<|im_end|>\n");
    }

    @Test
    void llamaPutsToolsBeforeTheUsersWordsAndGlmEndsCallsByItself() {
        assertThat(template("llama3").render(List.of(SYSTEM, USER), TOOLS, Map.of(), true))
                .contains("user<|end_header_id|>\n\nGiven the following functions", "\n\nHi<|eot_id|>");
        Rendered glm = template("glm4").renderWithMask(List.of(USER, CALL, RESULT, ANSWER), TOOLS, Map.of());
        assertThat(glm.text())
                .endsWith("<|user|>\nHi<|assistant|>now\n{}<|observation|>\nnoon<|assistant|>\nYes.<|user|>");
        assertThat(trained(glm)).containsExactly("now\n{}<|observation|>|", "Yes.|<|user|>");
        assertThat(template("glm4")
                        .renderWithMask(List.of(USER, CALL), TOOLS, Map.of())
                        .text())
                .endsWith("<|observation|>");
    }

    @Test
    void toolsNeedAFormat() {
        assertThatThrownBy(() -> template("chatml").renderWithMask(List.of(USER, ANSWER), TOOLS, Map.of()))
                .hasMessageContaining("agent_template");
        assertThatThrownBy(() -> render("chatml", USER, CALL)).hasMessageContaining("agent_template");
        assertThatThrownBy(() -> template("qwen2_5").renderWithMask(List.of(RESULT, ANSWER), null, Map.of()))
                .hasMessageContaining("no call comes before it");
        assertThat(template("qwen2_5")
                        .renderWithMask(List.of(USER, RESULT, ANSWER), null, Map.of())
                        .text())
                .contains("Hi<|im_end|>\n<|im_start|>user\n<tool_response>\nnoon\n</tool_response><|im_end|>");
    }

    @Test
    void hybridModelsThinkOnlyWhenAsked() {
        ChatTemplate qwen = template("qwen3");
        assertThat(qwen.isHybridThinking()).isTrue();
        assertThat(qwen.render(List.of(USER), null, Map.of(), true)).endsWith("<think>\n\n</think>\n\n");
        assertThat(qwen.render(List.of(USER), null, Map.of("enable_thinking", true), true))
                .endsWith("assistant\n");
        assertThat(qwen.render(List.of(USER), null, Map.of("response_prefix", "So"), true))
                .endsWith("assistant\nSo");
        assertThat(trained(qwen.renderWithMask(List.of(USER, ANSWER), null, Map.of())))
                .containsExactly("<think>\n\n</think>\n\nYes.|<|im_end|>\n");
        assertThat(trained(qwen.renderWithMask(List.of(USER, ANSWER), null, Map.of("add_non_thinking_prefix", false))))
                .containsExactly("Yes.|<|im_end|>\n");
    }

    @Test
    void earlierThinkingIsDroppedWhereOnlyTheLastRoundIsTrained() {
        Message thought = new Message("assistant", "<think>\nhm\n</think>\n\nYes.");
        List<Message> messages = List.of(USER, thought, USER, thought);
        assertThat(template("qwen3").renderWithMask(messages, null, Map.of()).text())
                .containsSubsequence("hm", "hm");
        ChatTemplate lastRound = template("qwen3", null, true);
        assertThat(trained(lastRound.renderWithMask(messages, null, Map.of())).get(0))
                .isEqualTo("Yes.|<|im_end|>\n");
        assertThat(trained(lastRound.renderWithMask(messages, null, Map.of("preserve_thinking", true)))
                        .get(0))
                .contains("hm");
        assertThat(template("deepseek_v3_1").render(messages.subList(0, 3), null, Map.of(), true))
                .contains("<｜Assistant｜></think>Yes.")
                .endsWith("<｜Assistant｜></think>");
    }

    @Test
    void stopWordsAreTheTemplatesAndItsEnds() {
        assertThat(template("glm4").stopWords())
                .containsExactly("<|endoftext|>", "<|user|>", "<|observation|>", "<EOS>");
        assertThat(template("chatml").stopWords()).containsExactly("<|im_end|>", "<EOS>");
    }
}
