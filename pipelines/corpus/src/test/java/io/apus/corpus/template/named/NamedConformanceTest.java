package io.apus.corpus.template.named;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.template.SpecialTokens;
import io.apus.schemas.data.Message;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Named templates beside the models' own Jinja templates, on plain conversations: with and without a system prompt, whole and up to the
 * generation prompt. Where the two differ, the table says why.
 */
class NamedConformanceTest {
    private static final Message SYSTEM = new Message("system", "Be kind.");
    private static final Message USER = new Message("user", "Hi");
    private static final Message ANSWER = new Message("assistant", "Yes.");

    /** The renderings, each a letter: with a system prompt or not (S, U), up to the prompt or whole (p, w), one round or two (1, 2). */
    private static final Map<String, List<Message>> CONVERSATIONS = Map.of(
            "Sp2", List.of(SYSTEM, USER, ANSWER, USER),
            "Sw2", List.of(SYSTEM, USER, ANSWER, USER, ANSWER),
            "Up1", List.of(USER),
            "Uw1", List.of(USER, ANSWER),
            "Up2", List.of(USER, ANSWER, USER),
            "Uw2", List.of(USER, ANSWER, USER, ANSWER));

    private static final Map<String, Object> NONE = Map.of();

    /** The model, the template, variables for both, the renderings that differ, and why. */
    private record Pair(String model, String template, Map<String, Object> kwargs, String differs, String why) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("_base", "chatml", NONE, "", ""),
            new Pair("cognitivecomputations/dolphin-2.5-mixtral-8x7b", "chatml", NONE, "", ""),
            new Pair("Qwen/Qwen2.5-7B-Instruct", "qwen2_5", NONE, "", ""),
            new Pair("meta-llama/Llama-3.1-8B-Instruct", "llama3_2", NONE, "", ""),
            new Pair("deepseek-ai/DeepSeek-R1", "deepseek_v2_5", NONE, "", ""),
            new Pair("deepseek-ai/DeepSeek-R1", "deepseek_r1", Map.of("response_prefix", ""), "", ""),
            new Pair(
                    "deepseek-ai/DeepSeek-R1",
                    "deepseek_r1",
                    NONE,
                    "Sp2 Up1 Up2",
                    "ms-swift begins answers with <think>"),
            new Pair(
                    "HuggingFaceH4/zephyr-7b-beta (add_generation_prompt=true)",
                    "zephyr",
                    NONE,
                    "Sw2 Uw1 Uw2",
                    "the model's own writes a line break behind the last end of sequence"),
            new Pair(
                    "Qwen/Qwen3-0.6B",
                    "qwen3",
                    Map.of("enable_thinking", true),
                    "Sw2 Uw2",
                    "in training ms-swift puts the empty thinking block before earlier answers too"),
            new Pair("Qwen/Qwen3-0.6B", "qwen3", Map.of("enable_thinking", false), "Sw2 Uw2", "as above"),
            new Pair(
                    "Qwen/Qwen1.5-72B-Chat",
                    "qwen",
                    NONE,
                    "Sw2 Up1 Up2 Uw1 Uw2",
                    "a full stop in the default system prompt; the model's own leaves the last turn open"),
            new Pair(
                    "mistralai/Mixtral-8x7B-Instruct-v0.1",
                    "llava1_6_mistral",
                    NONE,
                    "Sp2 Sw2",
                    "the model's own refuses system prompts"),
            new Pair(
                    "mistralai/Mistral-Nemo-Instruct-2407",
                    "pixtral",
                    NONE,
                    "Sp2 Sw2",
                    "the model's own puts the system prompt into the last user turn"),
            new Pair(
                    "mistralai/Mistral-Nemo-Instruct-2407",
                    "mistral_nemo",
                    NONE,
                    "Sp2 Sw2 Up1 Up2 Uw1 Uw2",
                    "a blank behind [INST]"),
            new Pair(
                    "llama",
                    "llama",
                    NONE,
                    "Sp2 Sw2 Up1 Up2 Uw1 Uw2",
                    "blanks around answers, a default system prompt"),
            new Pair(
                    "deepseek-ai/deepseek-llm-7b-chat",
                    "deepseek",
                    NONE,
                    "Sp2 Sw2 Up2 Uw1 Uw2",
                    "a blank before answers"),
            new Pair(
                    "meta-llama/Llama-3.1-8B-Instruct",
                    "llama3",
                    NONE,
                    "Sp2 Sw2 Up1 Up2 Uw1 Uw2",
                    "Llama 3 had no date in its system turn"),
            new Pair(
                    "TheBloke/deepseek-coder-33B-instruct-AWQ",
                    "deepseek_coder",
                    NONE,
                    "Sp2 Sw2 Up1 Up2 Uw1 Uw2",
                    "a full stop in the default system prompt; the model's own ends with a prompt always"));

    @Test
    void rendersWhatTheModelsOwnTemplatesRender() throws IOException {
        Map<String, JsonNode> models = models();
        int same = 0;
        int all = 0;
        List<String> wrong = new ArrayList<>();
        for (Pair pair : PAIRS) {
            for (Map.Entry<String, List<Message>> conversation : CONVERSATIONS.entrySet()) {
                boolean isSame = isSame(models.get(pair.model()), pair, conversation.getValue(), conversation.getKey());
                same += isSame ? 1 : 0;
                all++;
                if (isSame == pair.differs().contains(conversation.getKey())) {
                    wrong.add(pair.model() + " and " + pair.template() + " on " + conversation.getKey());
                }
            }
        }
        assertThat(wrong).as("renderings that are not as the table says").isEmpty();
        assertThat(same + " of " + all).isEqualTo("60 of 108");
    }

    private static boolean isSame(JsonNode model, Pair pair, List<Message> messages, String key) {
        Map<String, String> tokens = new HashMap<>();
        for (String role : List.of("bos_token", "eos_token")) {
            if (model.get("data").has(role)) {
                tokens.put(role, model.get("data").get(role).asText());
            }
        }
        ChatTemplate own = ChatTemplate.of(model.get("chat_template").asText(), tokens);
        ChatTemplate named = NamedChatTemplate.of(pair.template(), null, SpecialTokens.of(tokens), id -> "", false);
        boolean isPrompt = key.charAt(1) == 'p';
        try {
            return own.render(messages, null, pair.kwargs(), isPrompt)
                    .equals(named.render(messages, null, pair.kwargs(), isPrompt));
        } catch (io.apus.schemas.UserError refused) {
            return false;
        }
    }

    private static Map<String, JsonNode> models() throws IOException {
        Map<String, JsonNode> models = new HashMap<>();
        for (JsonNode model : new ObjectMapper()
                .readTree(SharedReference.path("chat-templates/cases.json").toFile())) {
            models.put(model.get("name").asText(), model);
        }
        return models;
    }
}
