package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.template.Rendered;
import io.apus.schemas.data.Message;
import io.apus.schemas.spec.TokenizeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected weights were worked out by hand from the table of features.md, section 6. A token is a character here. */
class LossScaleTest {
    private static final String END = "#";

    private static TokenizeSpec spec(String lossScale, Boolean binary, Boolean disabled) {
        return new TokenizeSpec(
                null, null, null, lossScale, null, null, null, null, null, null, null, null, disabled, binary, null,
                null);
    }

    /** Runs of one weight as text=weight, of a conversation whose user turns are written as {@code [text]}. */
    private static List<String> weights(LossScale scale, Message... messages) {
        StringBuilder text = new StringBuilder();
        List<Rendered.Turn> turns = new ArrayList<>();
        for (int i = 0; i < messages.length; i++) {
            int start = text.length();
            if (messages[i].role().equals("assistant")) {
                text.append(messages[i].content());
                turns.add(new Rendered.Turn(i, i, start, text.length(), text.length() + 1));
                text.append(END);
            } else {
                text.append('[').append(messages[i].content()).append(']');
            }
        }
        int length = text.length();
        Encoded characters = new Encoded(
                new int[length],
                IntStream.range(0, length).toArray(),
                IntStream.rangeClosed(1, length).toArray());
        float[] weights =
                scale.weights(characters, scale.spans(new Rendered(text.toString(), turns), List.of(messages)));
        return runs(text.toString(), weights);
    }

    private static List<String> runs(String text, float[] weights) {
        List<String> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= weights.length; i++) {
            if (i == weights.length || weights[i] != weights[start]) {
                runs.add(text.substring(start, i) + "=" + weights[start]);
                start = i;
            }
        }
        return runs;
    }

    private static List<String> weights(String lossScale, String answer) {
        return weights(
                LossScale.of(spec(lossScale, null, null), false),
                new Message("user", "q"),
                new Message("assistant", answer));
    }

    @Test
    void basesChooseTurns() {
        Message user = new Message("user", "q");
        Message result = new Message("tool_response", "r");
        Message a = new Message("assistant", "a");
        Message b = new Message("assistant", "b");
        LossScale standard = LossScale.of(spec("default", null, null), false);
        LossScale last = LossScale.of(spec("last_round", null, null), false);
        LossScale all = LossScale.of(spec("all", null, null), false);
        assertThat(weights(standard, user, a, result, b)).containsExactly("[q]=0.0", "a#=1.0", "[r]=0.0", "b#=1.0");
        assertThat(weights(last, user, a, result, b)).containsExactly("[q]a#[r]=0.0", "b#=1.0");
        assertThat(weights(last, user, a, b)).containsExactly("[q]=0.0", "a#b#=1.0");
        assertThat(weights(all, user, a)).containsExactly("[q]a#=1.0");
    }

    @Test
    void messagesOverrideBaseAndTypes() {
        Message user = new Message("user", "q");
        LossScale last = LossScale.of(spec("last_round+react", null, null), false);
        assertThat(weights(
                        last,
                        user,
                        new Message("assistant", "a", true, null),
                        user,
                        new Message("assistant", "b", false, null)))
                .containsExactly("[q]=0.0", "a#=1.0", "[q]b#=0.0");
        assertThat(weights(last, user, new Message("assistant", "Action: f", null, 0.5)))
                .containsExactly("[q]=0.0", "Action: f=0.5", "#=1.0");
        assertThat(weights(
                        last,
                        user,
                        new Message("assistant", "a", null, 3.0),
                        user,
                        new Message("assistant", "b", null, 0.0)))
                .containsExactly("[q]a#[q]b#=0.0");
    }

    @Test
    void reactWeighsActionsAndLeavesObservationsOut() {
        assertThat(weights(
                        "react",
                        "Thought: x\nAction: f\nAction Input: {}\nObservation: r\nThought: y\nFinal Answer: z"))
                .containsExactly(
                        "[q]=0.0",
                        "Thought: x\n=1.0",
                        "Action: f\nAction Input: {}\nObservation:=2.0",
                        " r\n=0.0",
                        "Thought: y\nFinal Answer: z#=1.0");
        assertThat(weights("default+alpha_umi", "Next: a")).containsExactly("[q]=0.0", "Next: a=2.0", "#=1.0");
    }

    @Test
    void qwenWeighsItsMarks() {
        assertThat(weights("qwen", "a\n✿FUNCTION✿: f\n✿ARGS✿: {}\n✿RESULT✿: r\n✿RETURN✿: b"))
                .containsExactly(
                        "[q]=0.0",
                        "a\n=1.0",
                        "✿FUNCTION✿: f\n✿ARGS✿: {}\n✿RESULT✿:=2.0",
                        " r\n=0.0",
                        "✿RETURN✿: b#=1.0");
    }

    @Test
    void hermesWeighsWholeElements() {
        assertThat(weights("hermes", "a<tool_call>\n1</tool_call>\n<tool_call>2</tool_call>b<tool_call>"))
                .containsExactly(
                        "[q]=0.0",
                        "a=1.0",
                        "<tool_call>\n1</tool_call>=2.0",
                        "\n=1.0",
                        "<tool_call>2</tool_call>=2.0",
                        "b<tool_call>#=1.0");
    }

    @Test
    void agentflanWeighsBodiesAndAnswersToItsQuestions() {
        assertThat(weights("agentflan", "Thought: x Action: f"))
                .containsExactly("[q]=0.0", "Thought: x Action:=1.0", " f=3.0", "#=1.0");
        LossScale scale = LossScale.of(spec("agentflan", null, null), false);
        assertThat(weights(scale, new Message("user", "What is the value of x?"), new Message("assistant", "y")))
                .containsExactly("[What is the value of x?]=0.0", "y=3.0", "#=1.0");
    }

    @Test
    void thinkingIsLeftOut() {
        assertThat(weights("ignore_empty_think", "<think>\n\n</think>\n\na"))
                .containsExactly("[q]<think>\n\n</think>\n\n=0.0", "a#=1.0");
        assertThat(weights("ignore_empty_think", "</think>a")).containsExactly("[q]</think>=0.0", "a#=1.0");
        assertThat(weights("ignore_empty_think", "<|channel>thought\n<channel|>a"))
                .containsExactly("[q]<|channel>thought\n<channel|>=0.0", "a#=1.0");
        assertThat(weights("ignore_empty_think", "<think>b</think>a"))
                .containsExactly("[q]=0.0", "<think>b</think>a#=1.0");
        assertThat(weights("ignore_think_prefix", "<think>\nb</think>a"))
                .containsExactly("[q]<think>\n=0.0", "b</think>a#=1.0");
    }

    @Test
    void chainsMultiplyAndHybridModelsIgnoreEmptyThinkingByThemselves() {
        String answer = "<think></think>Action: f<tool_call>1</tool_call>";
        List<String> both = List.of("[q]<think></think>=0.0", "Action: f=2.0", "<tool_call>1</tool_call>=4.0", "#=1.0");
        Message[] messages = {new Message("user", "q"), new Message("assistant", answer)};
        assertThat(weights(LossScale.of(spec("default+ignore_empty_think+react+hermes", null, null), false), messages))
                .isEqualTo(both);
        assertThat(weights(LossScale.of(spec("hermes+react", null, null), true), messages)
                        .get(0))
                .isEqualTo("[q]<think></think>=0.0");
        assertThat(weights(LossScale.of(spec("default", null, true), true), messages))
                .containsExactly("[q]=0.0", answer + "#=1.0");
        assertThat(weights(LossScale.of(spec("default+react+hermes", true, null), false), messages))
                .containsExactly("[q]=0.0", answer + "#=1.0");
    }
}
