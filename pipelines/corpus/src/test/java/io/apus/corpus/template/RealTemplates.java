package io.apus.corpus.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The 33 reference templates with what a reader of each says about its turns; skips where the references are absent. */
final class RealTemplates {
    /**
     * One template.
     *
     * @param lead what the assistant's turn begins with before its content
     * @param trail what ends a turn in the middle of a conversation
     * @param lastTrail what ends the last turn
     * @param strips whether the template strips the content
     * @param opening roles that must come before the first user message
     */
    record Real(
            String name,
            ChatTemplate template,
            String tools,
            Map<String, Object> kwargs,
            String lead,
            String lastLead,
            String trail,
            String lastTrail,
            boolean strips,
            List<String> opening) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EOT = "<|END_OF_TURN_TOKEN|>";
    private static final String DEEPSEEK = "<｜end▁of▁sentence｜>";

    /** name, lead, trail, last trail, strips: read off the templates by hand. */
    private static final String[][] READINGS = {
        {"_base", "", "<|im_end|>", "<|im_end|>", ""},
        {"blenderbot", "", "", "</s>", ""},
        {"blenderbot_small", "", "", "</s>", ""},
        {"bloom", "", "</s>", "</s>", ""},
        {"gpt_neox", "", "<|endoftext|>", "<|endoftext|>", ""},
        {"gpt2", "", "<|endoftext|>", "<|endoftext|>", ""},
        {"llama", " ", " </s>", " </s>", "strips"},
        {"whisper", "", "<|endoftext|>", "<|endoftext|>", ""},
        {"HuggingFaceH4/zephyr-7b-beta (add_generation_prompt=false)", "", "</s>", "</s>", ""},
        {"HuggingFaceH4/zephyr-7b-beta (add_generation_prompt=true)", "", "</s>", "</s>", ""},
        {"HuggingFaceH4/zephyr-7b-gemma-v0.1", "", "<|im_end|>", "<|im_end|>\n<eos>", ""},
        {"TheBloke/Mistral-7B-Instruct-v0.1-GPTQ", "", "</s>", "</s>", ""},
        {"mistralai/Mixtral-8x7B-Instruct-v0.1", "", "</s>", "</s>", ""},
        {"cognitivecomputations/dolphin-2.5-mixtral-8x7b", "", "<|im_end|>", "<|im_end|>", ""},
        {"openchat/openchat-3.5-0106", " ", "<|end_of_turn|>", "<|end_of_turn|>", ""},
        {"upstage/SOLAR-10.7B-Instruct-v1.0", "", "", "", ""},
        {"Deci/DeciLM-7B-instruct", "", "", "", ""},
        {"Qwen/Qwen1.5-72B-Chat", "", "<|im_end|>", "", ""},
        {"deepseek-ai/deepseek-llm-7b-chat", " ", DEEPSEEK, DEEPSEEK, ""},
        {"h2oai/h2o-danube-1.8b-chat", "", "</s>", "</s>", ""},
        {"TheBloke/deepseek-coder-33B-instruct-AWQ", "", "\n<|EOT|>", "\n<|EOT|>", ""},
        {"ericzzz/falcon-rw-1b-chat", "", "<|endoftext|>", "<|endoftext|>", ""},
        {"abacusai/Smaug-34B-v0.1", " ", " </s>", " </s>", ""},
        {"maywell/Synatra-Mixtral-8x7B", "", "", "", "strips"},
        {"fireworks-ai/firefunction-v1", "<plain>", "</s>", "</s>", ""},
        {"maywell/PiVoT-MoE", " ", "", "", "strips"},
        {"CohereForAI/c4ai-command-r-v01", "", EOT, EOT, "strips"},
        {"mistralai/Mistral-7B-Instruct-v0.3 (JSON Schema)", " ", " </s>", " </s>", ""},
        {"mistralai/Mistral-Nemo-Instruct-2407", "", "</s>", "</s>", ""},
        {"meta-llama/Llama-3.1-8B-Instruct", "", "<|eot_id|>", "<|eot_id|>", "strips"},
        {"deepseek-ai/DeepSeek-R1", "", DEEPSEEK, DEEPSEEK, ""},
        {"Qwen/Qwen2.5-7B-Instruct", "", "<|im_end|>", "<|im_end|>", ""},
        {"Qwen/Qwen3-0.6B", "", "<|im_end|>", "<|im_end|>", ""},
    };

    private RealTemplates() {}

    static List<Real> all() throws IOException {
        JsonNode cases =
                JSON.readTree(SharedReference.path("chat-templates/cases.json").toFile());
        List<Real> all = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            String[] reading = READINGS[i];
            String name = cases.get(i).get("name").asText();
            if (!name.equals(reading[0])) {
                throw new IllegalStateException("case " + i + " is " + name + ", not " + reading[0]);
            }
            all.add(real(cases.get(i), reading));
        }
        return all;
    }

    private static Real real(JsonNode source, String[] reading) {
        JsonNode data = source.get("data");
        Map<String, String> special = new HashMap<>();
        for (String token : Set.of("bos_token", "eos_token")) {
            if (data.has(token)) {
                special.put(token, data.get(token).asText());
            }
        }
        boolean isCohere = reading[0].startsWith("Cohere");
        boolean isQwen3 = reading[0].startsWith("Qwen/Qwen3");
        return new Real(
                reading[0],
                ChatTemplate.of(source.get("chat_template").asText(), special),
                isCohere ? data.get("tools").toString() : null,
                data.has("USE_DEFAULT_PROMPT") ? Map.of("USE_DEFAULT_PROMPT", true) : Map.of(),
                reading[1],
                isQwen3 ? "<think>\n\n</think>\n\n" : reading[1],
                reading[2],
                reading[3],
                !reading[4].isEmpty(),
                reading[0].startsWith("fireworks") ? List.of("functions") : List.of());
    }
}
