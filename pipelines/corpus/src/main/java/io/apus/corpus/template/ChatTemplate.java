package io.apus.corpus.template;

import io.apus.corpus.jinja.JinjaTemplate;
import io.apus.corpus.jinja.TracedText;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The chat template of a model: turns a conversation into the text that the model reads, and tells which characters of it the assistant
 * produces. Immutable and safe for use by several threads.
 */
public final class ChatTemplate {
    private final Map<String, JinjaTemplate> templates;
    private final SpecialTokens specialTokens;
    private final boolean isHybridThinking;

    private ChatTemplate(Map<String, String> sources, SpecialTokens specialTokens, Supplier<ZonedDateTime> clock) {
        Map<String, JinjaTemplate> parsed = new LinkedHashMap<>();
        sources.forEach((name, source) -> parsed.put(name, JinjaTemplate.parse(source, clock)));
        this.templates = parsed;
        this.specialTokens = specialTokens;
        this.isHybridThinking = sources.values().stream().anyMatch(source -> source.contains("enable_thinking"));
    }

    /**
     * Reads the template of a Hugging Face model folder: chat_template.jinja, or {@code chat_template} of tokenizer_config.json (one
     * template or several by name) or of chat_template.json.
     *
     * @throws UserError when the folder has none
     */
    public static ChatTemplate read(Path folder) {
        return find(folder)
                .orElseThrow(
                        () -> new UserError(
                                "Cannot render conversations for " + folder,
                                "neither tokenizer_config.json nor chat_template.jinja in it has a chat template",
                                "Use an instruction-tuned model, add a chat_template.jinja, or train on plain text with use_chat_template false."));
    }

    /** As {@link #read}, empty where the folder has no template. */
    public static Optional<ChatTemplate> find(Path folder) {
        Map<String, String> sources = TemplateSource.find(folder);
        return sources.isEmpty()
                ? Optional.empty()
                : Optional.of(new ChatTemplate(sources, SpecialTokens.read(folder), ZonedDateTime::now));
    }

    /** A template from its source and the special tokens by role ({@code eos_token} ...). */
    public static ChatTemplate of(String source, Map<String, String> specialTokens) {
        return of(source, specialTokens, ZonedDateTime::now);
    }

    /** As {@link #of(String, Map)}, with the clock that {@code strftime_now} reads. */
    public static ChatTemplate of(String source, Map<String, String> specialTokens, Supplier<ZonedDateTime> clock) {
        return new ChatTemplate(Map.of(TemplateSource.DEFAULT, source), SpecialTokens.of(specialTokens), clock);
    }

    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    /** Whether the template knows {@code enable_thinking}, so that a turn may carry an empty thinking block of the template's making. */
    public boolean isHybridThinking() {
        return isHybridThinking;
    }

    /**
     * Renders a conversation.
     *
     * @param toolsJson the tools as the JSON text of a list, or null
     * @param kwargs further template variables, such as {@code enable_thinking}
     * @param addGenerationPrompt whether to end with what asks the assistant to speak
     * @throws UserError when the template refuses the conversation
     */
    public String render(List<Message> messages, String toolsJson, Map<String, ?> kwargs, boolean addGenerationPrompt) {
        Object tools = tools(toolsJson);
        Map<String, Object> variables = variables(tools, kwargs, addGenerationPrompt);
        variables.put("messages", TemplateMessages.of(messages).maps());
        return template(tools).render(variables);
    }

    /**
     * Renders a whole conversation and finds the assistant's turns in it, from the template's own output: what stands inside
     * {@code {% generation %}} blocks where the template has them, otherwise by following each character of the assistant's messages
     * through the template (see {@link TurnFinder}).
     */
    public Rendered renderWithMask(List<Message> messages, String toolsJson, Map<String, ?> kwargs) {
        Object tools = tools(toolsJson);
        JinjaTemplate template = template(tools);
        TemplateMessages converted = TemplateMessages.of(messages);
        TurnFinder.Tracer tracer = (maps, addGenerationPrompt) -> {
            Map<String, Object> variables = variables(tools, kwargs, addGenerationPrompt);
            variables.put("messages", maps);
            return template.trace(variables, "messages", List.of("role"), List.of(TurnFinder.EOS));
        };
        TracedText traced = tracer.trace(converted.maps(), false);
        List<Rendered.Turn> turns = template.hasGeneration()
                ? GeneratedTurns.of(traced, converted)
                : new TurnFinder(traced, converted, tracer, specialTokens.eos()).turns();
        return new Rendered(traced.text(), turns);
    }

    private static Object tools(String toolsJson) {
        return toolsJson == null ? null : Json.value(Json.parse(toolsJson, "the tools of a sample"));
    }

    private Map<String, Object> variables(Object tools, Map<String, ?> kwargs, boolean addGenerationPrompt) {
        Map<String, Object> variables = new HashMap<>(specialTokens.variables());
        variables.put("tools", tools);
        variables.put("documents", null);
        variables.putAll(kwargs);
        variables.put("add_generation_prompt", addGenerationPrompt);
        return variables;
    }

    private JinjaTemplate template(Object tools) {
        JinjaTemplate toolUse = tools == null ? null : templates.get(TemplateSource.TOOL_USE);
        JinjaTemplate chosen = toolUse != null ? toolUse : templates.get(TemplateSource.DEFAULT);
        if (chosen == null) {
            throw new UserError(
                    "Cannot choose a chat template",
                    "the model names " + String.join(", ", templates.keySet()) + " but none is called default",
                    "Name one of them default in tokenizer_config.json.");
        }
        return chosen;
    }
}
