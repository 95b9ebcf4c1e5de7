package io.apus.corpus.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Real templates on conversations that reach all their branches (thinking, tools, system prompts, refusals), against the SHA-256 (16
 * digits) of what Jinja2 3.1.6 makes of them under transformers' settings.
 */
class RealTemplatesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void rendersEveryBranchOfRealTemplatesAsJinja2Does() throws Exception {
        JsonNode recorded = recorded();
        JsonNode cases =
                JSON.readTree(SharedReference.path("chat-templates/cases.json").toFile());
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (int i = 0; i < cases.size(); i++) {
            JsonNode data = cases.get(i).get("data");
            Map<String, Object> base = new HashMap<>();
            for (String name : List.of("bos_token", "eos_token", "USE_DEFAULT_PROMPT")) {
                if (data.has(name)) {
                    base.put(name, JSON.convertValue(data.get(name), Object.class));
                }
            }
            String source = cases.get(i).get("chat_template").asText();
            compared += compare(cases.get(i).get("name").asText(), source, base, recorded, String.valueOf(i), wrong);
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isEqualTo(33 * 21);
    }

    @Test
    void rendersEveryBranchOfTheQwen3TokenizersTemplate() throws Exception {
        JsonNode config = JSON.readTree(
                SharedReference.path("tokenizers/qwen3/tokenizer_config.json").toFile());
        List<String> wrong = new ArrayList<>();
        int compared = compare("qwen3", config.get("chat_template").asText(), Map.of(), recorded(), "qwen3", wrong);
        assertThat(wrong).isEmpty();
        assertThat(compared).isEqualTo(21);
    }

    private static int compare(
            String name, String source, Map<String, Object> base, JsonNode recorded, String key, List<String> wrong)
            throws GeneralSecurityException {
        JinjaTemplate template = JinjaTemplate.parse(source);
        int compared = 0;
        for (JsonNode conversation : recorded.get("conversations")) {
            Map<String, Object> variables = new HashMap<>(base);
            conversation
                    .get("variables")
                    .fields()
                    .forEachRemaining(
                            field -> variables.put(field.getKey(), JSON.convertValue(field.getValue(), Object.class)));
            String expected = recorded.get("sha256")
                    .get(key)
                    .get(conversation.get("name").asText())
                    .asText();
            String found = digest(template, variables);
            compared++;
            if (!(expected.equals("fails") ? found.startsWith("fails") : found.equals(expected))) {
                wrong.add(name + " on " + conversation.get("name").asText() + ": expected " + expected + ", found "
                        + found);
            }
        }
        return compared;
    }

    private static String digest(JinjaTemplate template, Map<String, Object> variables)
            throws GeneralSecurityException {
        try {
            byte[] text = template.render(variables).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text))
                    .substring(0, 16);
        } catch (UserError e) {
            return "fails: " + e.getMessage();
        }
    }

    private static JsonNode recorded() throws IOException {
        try (InputStream in = RealTemplatesTest.class.getResourceAsStream("renderings.json")) {
            return JSON.readTree(in);
        }
    }
}
