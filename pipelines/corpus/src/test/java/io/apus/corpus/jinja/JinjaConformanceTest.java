package io.apus.corpus.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JinjaConformanceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Snippets of our own with what Jinja2 3.1.6 makes of them under transformers' settings ({@code fails}: it raises an error). */
    @Test
    void rendersEverySnippetAsJinja2Does() throws IOException {
        JsonNode file;
        try (InputStream in = JinjaConformanceTest.class.getResourceAsStream("snippets.json")) {
            file = JSON.readTree(in);
        }
        Map<String, Object> variables = map(file.get("variables"));
        List<String> wrong = new ArrayList<>();
        for (JsonNode snippet : file.get("snippets")) {
            String expected =
                    snippet.has("fails") ? "(error)" : snippet.get("expected").asText();
            String found = render(snippet.get("template").asText(), variables, snippet.has("fails"));
            if (!found.equals(expected)) {
                wrong.add(snippet.get("template").asText() + "\n   expected: " + expected + "\n   found:    " + found);
            }
        }
        assertThat(file.get("snippets").size()).isGreaterThan(380);
        assertThat(wrong).isEmpty();
    }

    @Test
    void rendersRealChatTemplatesExactly() throws IOException {
        Path cases = SharedReference.path("chat-templates/cases.json");
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (JsonNode template : JSON.readTree(cases.toFile())) {
            count++;
            String rendered =
                    JinjaTemplate.parse(template.get("chat_template").asText()).render(map(template.get("data")));
            if (!rendered.equals(template.get("target").asText())) {
                wrong.add(template.get("name").asText());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(count).isEqualTo(33);
    }

    /** Tracing must never change what is rendered. */
    @Test
    void tracedRenderingsAreTheSameText() throws IOException {
        for (JsonNode template :
                JSON.readTree(SharedReference.path("chat-templates/cases.json").toFile())) {
            TracedText traced = JinjaTemplate.parse(
                            template.get("chat_template").asText())
                    .trace(map(template.get("data")), "messages", List.of("role"), List.of("eos_token"));
            assertThat(traced.text())
                    .as(template.get("name").asText())
                    .isEqualTo(template.get("target").asText());
        }
    }

    private static String render(String template, Map<String, Object> variables, boolean fails) {
        try {
            return JinjaTemplate.parse(template).render(variables);
        } catch (UserError e) {
            assertThat(e.getMessage()).contains("line ");
            return fails ? "(error)" : "(error) " + e.getMessage();
        }
    }

    @SuppressWarnings("unchecked") // a JSON object becomes a map
    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, Map.class);
    }
}
