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
import java.util.regex.Pattern;

/** A model's own chat template, in Jinja. */
final class JinjaChatTemplate implements ChatTemplate {
    /** The switch of most models, and of those of DeepSeek and Kimi. */
    private static final Pattern HYBRID = Pattern.compile("\\benable_thinking\\b|\\bthinking is defined\\b");

    private final Map<String, JinjaTemplate> templates;
    private final SpecialTokens specialTokens;
    private final boolean isHybridThinking;
    private final TurnEnds ends;

    private JinjaChatTemplate(Map<String, String> sources, SpecialTokens specialTokens, Supplier<ZonedDateTime> clock) {
        Map<String, JinjaTemplate> parsed = new LinkedHashMap<>();
        sources.forEach((name, source) -> parsed.put(name, JinjaTemplate.parse(source, clock)));
        this.templates = parsed;
        this.specialTokens = specialTokens;
        this.isHybridThinking = sources.values().stream()
                .anyMatch(source -> HYBRID.matcher(source).find());
        this.ends = TurnEnds.of(messages -> rendered(messages, null, Map.of()));
    }

    /** The template of a model folder; empty where it has none. */
    static Optional<ChatTemplate> find(Path folder) {
        Map<String, String> sources = TemplateSource.find(folder);
        return sources.isEmpty()
                ? Optional.empty()
                : Optional.of(new JinjaChatTemplate(sources, SpecialTokens.read(folder), ZonedDateTime::now));
    }

    static JinjaChatTemplate of(String source, Map<String, String> specialTokens, Supplier<ZonedDateTime> clock) {
        return new JinjaChatTemplate(Map.of(TemplateSource.DEFAULT, source), SpecialTokens.of(specialTokens), clock);
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public boolean isHybridThinking() {
        return isHybridThinking;
    }

    @Override
    public String missingEnd() {
        if (!ends.last().isBlank()) {
            return "";
        }
        String eos = specialTokens.eos();
        return ends.middle().isBlank() ? (eos == null ? "" : eos) : ends.middle();
    }

    @Override
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
    @Override
    public Rendered renderWithMask(List<Message> messages, String toolsJson, Map<String, ?> kwargs) {
        return ends.split(rendered(messages, toolsJson, kwargs));
    }

    private Rendered rendered(List<Message> messages, String toolsJson, Map<String, ?> kwargs) {
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
