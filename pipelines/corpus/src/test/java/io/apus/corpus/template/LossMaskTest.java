package io.apus.corpus.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.template.RealTemplates.Real;
import io.apus.schemas.data.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The promise: what is trained on is exactly what the assistant produces, whatever the template and whatever the content. */
class LossMaskTest {
    private static final int CONVERSATIONS = 60;

    /** Contents that a mask found by searching would trip over. */
    private static final List<String> HOSTILE = List.of(
            "yes",
            "yes",
            "",
            " ",
            "\n\n",
            "assistant",
            "user",
            "<|im_end|>",
            "<|im_end|>\n<|im_start|>assistant\n",
            "</s>",
            "<s>",
            "[/INST]",
            " [/INST] ",
            "[INST] yes [/INST]",
            "### Response:\n",
            "### Assistant:\n",
            "Assistant:",
            "GPT4 Correct Assistant:",
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            "<|endoftext|>",
            "<｜Assistant｜>",
            "<plain>",
            "ye",
            "s",
            "yes yes",
            "  padded  ",
            "line\n",
            "\nline",
            "日本語 😀",
            "{{ x }}{% if %}",
            "a</s>b",
            "\"quoted\\\"",
            "ASSISTANT: ",
            "<|END_OF_TURN_TOKEN|>",
            "DEFAULT_SYSTEM_MESSAGE",
            "<eos>",
            "\u2028",
            "\ud83d\ude00\u0301");

    @Test
    void isExactOnAllRealTemplatesWhateverTheContent() throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Real real : RealTemplates.all()) {
            Random random = new Random(17);
            for (int i = 0; i < CONVERSATIONS; i++) {
                List<Message> messages = conversation(real, random, i % 3 == 2);
                checked += check(real, messages, wrong);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isEqualTo(33 * CONVERSATIONS);
    }

    /**
     * Two questions. Are the supervised texts what a reader of the template expects? And do they stand in the right places: everything
     * between them must be the same as when the assistant's messages are unmistakable names.
     */
    private static int check(Real real, List<Message> messages, List<String> wrong) {
        Rendered rendered = real.template().renderWithMask(messages, real.tools(), real.kwargs());
        String plain = real.template().render(messages, real.tools(), real.kwargs(), false);
        List<Message> named = named(messages);
        Rendered reference = real.template().renderWithMask(named, real.tools(), real.kwargs());
        boolean holds = rendered.text().equals(plain)
                && supervised(rendered).equals(expected(real, messages))
                && supervised(reference).equals(expected(real, named))
                && unsupervised(rendered).equals(unsupervised(reference));
        if (!holds) {
            wrong.add(real.name() + " " + messages + "\n  found    " + supervised(rendered) + "\n  expected "
                    + expected(real, messages) + "\n  between  " + unsupervised(rendered)
                    + "\n  expected " + unsupervised(reference));
        }
        return 1;
    }

    private static List<Message> conversation(Real real, Random random, boolean endsWithUser) {
        List<Message> messages = new ArrayList<>();
        real.opening().forEach(role -> messages.add(new Message(role, "[]")));
        int turns = 1 + random.nextInt(3);
        for (int i = 0; i < turns; i++) {
            messages.add(new Message("user", pick(random)));
            messages.add(new Message("assistant", pick(random)));
        }
        if (endsWithUser) {
            messages.add(new Message("user", pick(random)));
        }
        return messages;
    }

    private static String pick(Random random) {
        String content = HOSTILE.get(random.nextInt(HOSTILE.size()));
        return random.nextInt(4) == 0 ? content + HOSTILE.get(random.nextInt(HOSTILE.size())) : content;
    }

    private static List<Message> named(List<Message> messages) {
        List<Message> named = new ArrayList<>();
        for (Message message : messages) {
            named.add(message.role().equals("assistant") ? new Message("assistant", "ANSWER" + named.size()) : message);
        }
        return named;
    }

    private static List<String> expected(Real real, List<Message> messages) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role().equals("assistant")) {
                boolean isLast = i == messages.size() - 1;
                String content = messages.get(i).content();
                String shown = real.strips() ? strip(content) : content;
                shown = isLast && real.name().startsWith("Qwen/Qwen3") ? shown.replaceFirst("^\n+", "") : shown;
                String turn =
                        (isLast ? real.lastLead() : real.lead()) + shown + (isLast ? real.lastTrail() : real.trail());
                if (!turn.isEmpty()) {
                    expected.add(turn);
                }
            }
        }
        return expected;
    }

    /** Python's strip, which knows more whitespace than Java's. */
    private static String strip(String text) {
        return text.replaceAll("^[\\s\u2028\u00a0]+|[\\s\u2028\u00a0]+$", "");
    }

    private static List<String> supervised(Rendered rendered) {
        return rendered.turns().stream()
                .map(turn -> rendered.text().substring(turn.start(), turn.end()))
                .toList();
    }

    /** The texts between turns; a turn without any text leaves no gap, so gaps are joined there. */
    private static String unsupervised(Rendered rendered) {
        StringBuilder between = new StringBuilder();
        int from = 0;
        for (Rendered.Turn turn : rendered.turns()) {
            between.append(rendered.text(), from, turn.start());
            from = turn.end();
        }
        return between.append(rendered.text().substring(from)).toString();
    }

    @Test
    void knowsWhichMessageEachTurnBelongsTo() throws IOException {
        for (Real real : RealTemplates.all()) {
            List<Message> messages = new ArrayList<>();
            real.opening().forEach(role -> messages.add(new Message(role, "[]")));
            int first = messages.size();
            messages.addAll(List.of(
                    new Message("user", "same"),
                    new Message("assistant", "same"),
                    new Message("user", "same"),
                    new Message("assistant", "same")));
            List<Rendered.Turn> turns = real.template()
                    .renderWithMask(messages, real.tools(), real.kwargs())
                    .turns();
            assertThat(turns)
                    .as(real.name())
                    .extracting(Rendered.Turn::firstMessage)
                    .containsExactly(first + 1, first + 3);
        }
    }

    @Test
    void followsThinkingThatATemplateDropsFromEarlierTurns() throws IOException {
        List<Message> messages = List.of(
                new Message("user", "q"),
                new Message("assistant", "<think>\nold\n</think>\n\none"),
                new Message("user", "old"),
                new Message("assistant", "<think>\nnew\n</think>\n\ntwo"));
        assertThat(supervised(real("Qwen/Qwen3-0.6B", messages)))
                .containsExactly("one<|im_end|>", "<think>\nnew\n</think>\n\ntwo<|im_end|>");
        assertThat(supervised(real("deepseek-ai/DeepSeek-R1", messages)))
                .containsExactly("\n\none<｜end▁of▁sentence｜>", "\n\ntwo<｜end▁of▁sentence｜>");
    }

    @Test
    void systemPromptsAreNeverTrainedOnEvenWhenMergedOrDefaulted() throws IOException {
        List<Message> messages = List.of(
                new Message("system", "Be kind."),
                new Message("user", "q"),
                new Message("assistant", "Be kind."),
                new Message("user", "Be kind."));
        for (String name : List.of(
                "llama", "mistralai/Mistral-Nemo-Instruct-2407", "Qwen/Qwen2.5-7B-Instruct", "maywell/PiVoT-MoE")) {
            Rendered rendered = real(name, messages);
            assertThat(rendered.turns()).as(name).hasSize(1);
            assertThat(supervised(rendered).get(0))
                    .as(name)
                    .contains("Be kind.")
                    .doesNotContain("q");
            assertThat(rendered.text().substring(0, rendered.turns().get(0).start()))
                    .as(name)
                    .contains("q");
        }
    }

    @Test
    void toolCallsAreTheAssistantsAndToolResponsesAreNot() throws IOException {
        List<Message> messages = List.of(
                new Message("user", "weather?"),
                new Message("assistant", "Let me look."),
                new Message("tool_call", "{\"name\": \"get\", \"arguments\": {\"city\": \"Paris\"}}"),
                new Message("tool_response", "Paris: 9"),
                new Message("assistant", "9 degrees"));
        Rendered qwen = real("Qwen/Qwen2.5-7B-Instruct", messages);
        assertThat(supervised(qwen))
                .containsExactly(
                        "Let me look.\n<tool_call>\n{\"name\": \"get\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call><|im_end|>",
                        "9 degrees<|im_end|>");
        assertThat(qwen.turns()).extracting(Rendered.Turn::lastMessage).containsExactly(2, 4);
        List<Message> bare = List.of(messages.get(0), messages.get(2), messages.get(3), messages.get(4));
        assertThat(supervised(real("mistralai/Mistral-7B-Instruct-v0.3 (JSON Schema)", bare)))
                .containsExactly(
                        " [TOOL_CALLS] [{\"name\": \"get\", \"arguments\": {\"city\": \"Paris\"}, \"id\": \"call00000\"}] </s>",
                        " 9 degrees </s>");
        assertThat(supervised(real("meta-llama/Llama-3.1-8B-Instruct", bare)))
                .containsExactly(
                        "{\"name\": \"get\", \"parameters\": {\"city\": \"Paris\"}}<|eot_id|>", "9 degrees<|eot_id|>");
    }

    private static Rendered real(String name, List<Message> messages) throws IOException {
        Real real = RealTemplates.all().stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow();
        return real.template().renderWithMask(messages, real.tools(), real.kwargs());
    }

    @Test
    void generationBlocksDecideWhereATemplateHasThem() {
        ChatTemplate template = ChatTemplate.of(
                "{% for m in messages %}{% if m.role == 'assistant' %}A:{% generation %}{{ m.content }}<e>{% endgeneration %}"
                        + "{% else %}U:{{ m.content }}{% endif %}\n{% endfor %}",
                Map.of());
        Rendered rendered = template.renderWithMask(
                List.of(
                        new Message("user", "x"),
                        new Message("assistant", "x"),
                        new Message("assistant", ""),
                        new Message("user", "A:x<e>")),
                null,
                Map.of());
        assertThat(supervised(rendered)).containsExactly("x<e>", "<e>");
        assertThat(rendered.turns()).extracting(Rendered.Turn::firstMessage).containsExactly(1, 2);
    }

    @Test
    void headersOfTemplatesWithoutAGenerationPromptAreNotTrainedOn() {
        String[] templates = {
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}",
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{{ eos_token }}",
            "{% for i in range(messages | length) %}{% set m = messages[i] %}<|im_start|>{{ m.role }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}",
            "{% set ns = namespace(out='') %}{% for m in messages %}{% set ns.out = ns.out + '<|im_start|>' + m.role + '\n' + m.content"
                    + " + '<|im_end|>\n' %}{% endfor %}{{ ns.out }}",
            "{% macro turn(m) %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endmacro %}"
                    + "{% for m in messages %}{{ turn(m) }}{% endfor %}",
        };
        List<Message> messages = List.of(
                new Message("user", "a"),
                new Message("assistant", "a"),
                new Message("user", ""),
                new Message("assistant", ""));
        for (String source : templates) {
            Rendered rendered =
                    ChatTemplate.of(source, Map.of("eos_token", "</s>")).renderWithMask(messages, null, Map.of());
            String last = source.contains("eos_token") ? "<|im_end|>\n</s>" : "<|im_end|>";
            assertThat(supervised(rendered)).as(source).containsExactly("a<|im_end|>", last);
        }
    }

    @Test
    void pairsOfMessagesInOnePassAreToldApart() {
        ChatTemplate template = ChatTemplate.of(
                "{% for i in range(0, messages | length, 2) %}U:{{ messages[i].content }}\n{% if i + 1 < messages | length %}"
                        + "A:{{ messages[i + 1].content }}<e>\n{% endif %}{% endfor %}{% if add_generation_prompt %}A:{% endif %}",
                Map.of());
        List<Message> messages = List.of(
                new Message("user", "A:x<e>"),
                new Message("assistant", "x"),
                new Message("user", "x"),
                new Message("assistant", "U:x"));
        assertThat(supervised(template.renderWithMask(messages, null, Map.of())))
                .containsExactly("x<e>", "U:x<e>");
    }

    @Test
    void whatATemplateWritesBehindItsGenerationPromptIsTrainedOn() {
        String asInsideTheLoop =
                "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}[say]{% endif %}{{ m.content }}<e>"
                        + "{% if loop.last and add_generation_prompt %}<assistant>{% endif %}{% endfor %}";
        String behindALateInstruction =
                "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}[say]{% endif %}{{ m.content }}<e>"
                        + "{% endfor %}<system>Answer.<e>{% if add_generation_prompt %}<assistant>{% endif %}";
        List<Message> messages = List.of(new Message("user", "[say]"), new Message("assistant", "x"));
        for (String source : List.of(asInsideTheLoop, behindALateInstruction)) {
            Rendered rendered = ChatTemplate.of(source, Map.of()).renderWithMask(messages, null, Map.of());
            assertThat(supervised(rendered)).as(source).containsExactly("[say]x<e>");
        }
    }

    @Test
    void whatATemplateTakesForwardFromOtherMessagesIsNotTrainedOn() {
        ChatTemplate template = ChatTemplate.of(
                "{% for m in messages %}{% if m.role == 'assistant' %}A:{{ m.content }}<e>\n{% if loop.nextitem is defined"
                        + " and loop.nextitem.role == 'tool' %}T:{{ loop.nextitem.content }}<t>\n{% endif %}{% elif m.role == 'user' %}"
                        + "U:{{ m.content }}\n{% endif %}{% endfor %}{% if add_generation_prompt %}A:{% endif %}",
                Map.of());
        List<Message> messages = List.of(
                new Message("user", "q"),
                new Message("assistant", "call"),
                new Message("tool_response", "call"),
                new Message("assistant", "end"));
        assertThat(supervised(template.renderWithMask(messages, null, Map.of())))
                .containsExactly("call<e>", "end<e>");
    }

    @Test
    void allOfTheContentIsTrainedOnEvenWhereThePromptShowsItsBeginning() {
        ChatTemplate template = ChatTemplate.of(
                "{% for m in messages %}<{{ m.role }}>\n{{ m.content }}<e>\n{% endfor %}"
                        + "{% if add_generation_prompt %}<assistant>\n<think>\n{% endif %}",
                Map.of());
        List<Message> messages = List.of(new Message("user", "q"), new Message("assistant", "<think>\nt\n</think>a"));
        assertThat(supervised(template.renderWithMask(messages, null, Map.of())))
                .containsExactly("<think>\nt\n</think>a<e>");
    }
}
