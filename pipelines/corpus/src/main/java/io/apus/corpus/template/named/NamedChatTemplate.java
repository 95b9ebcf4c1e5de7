package io.apus.corpus.template.named;

import io.apus.corpus.agent.AgentFormat;
import io.apus.corpus.agent.AgentFormats;
import io.apus.corpus.agent.Introduction;
import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.template.Rendered;
import io.apus.corpus.template.SpecialTokens;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Renders conversations with a named template, as ms-swift's own backend does. What the assistant produces is exact by construction: its
 * texts, and behind each the suffix where the template writes it there.
 *
 * <p>Understands the variables {@code enable_thinking}, {@code preserve_thinking}, {@code add_non_thinking_prefix},
 * {@code response_prefix}, and {@code reasoning_effort}, {@code date_string} where a template has them.
 */
public final class NamedChatTemplate implements ChatTemplate {
    /** The day that Llama 3.1's own template falls back to; a fixed one keeps renderings the same on every day. */
    private static final String DATE = "26 Jul 2024";

    private final NamedTemplate template;
    private final Style style;
    private final AgentFormat agent;
    private final SpecialTokens specialTokens;
    private final boolean trainsLastRound;

    private NamedChatTemplate(
            NamedTemplate template, AgentFormat agent, SpecialTokens specialTokens, boolean trainsLastRound) {
        this.template = template;
        this.style = Styles.get(template.style());
        this.agent = agent;
        this.specialTokens = specialTokens;
        this.trainsLastRound = trainsLastRound;
    }

    /**
     * The template {@code name} for a tokenizer.
     *
     * @param agentTemplate the tool-calling format; null for the template's own
     * @param token the text of a token by its id
     * @param trainsLastRound whether only the last round is trained on, so that earlier ones are history
     * @throws UserError for an unknown name, or a token that the tokenizer lacks
     */
    public static NamedChatTemplate of(
            String name,
            String agentTemplate,
            SpecialTokens specialTokens,
            IntFunction<String> token,
            boolean trainsLastRound) {
        NamedTemplate template = NamedTemplates.get(name).with(specialTokens, token);
        String format = agentTemplate == null ? template.agentTemplate() : agentTemplate;
        return new NamedChatTemplate(
                template, format == null ? null : AgentFormats.get(format), specialTokens, trainsLastRound);
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public boolean isHybridThinking() {
        return template.isHybridThinking();
    }

    @Override
    public boolean addsPrefixTokens() {
        return template.autoAddBos();
    }

    @Override
    public boolean writesResponsePrefix() {
        return true;
    }

    @Override
    public List<String> stopWords() {
        List<String> words = new ArrayList<>(template.stopWords());
        String suffix = template.suffix().strip();
        if (!suffix.isEmpty()) {
            words.add(suffix);
        }
        if (specialTokens.eos() != null) {
            words.add(specialTokens.eos());
        }
        return words.stream().distinct().toList();
    }

    @Override
    public String render(List<Message> messages, String toolsJson, Map<String, ?> kwargs, boolean addGenerationPrompt) {
        return rendered(messages, toolsJson, kwargs, !addGenerationPrompt).text();
    }

    @Override
    public Rendered renderWithMask(List<Message> messages, String toolsJson, Map<String, ?> kwargs) {
        return rendered(messages, toolsJson, kwargs, true);
    }

    private Rendered rendered(List<Message> messages, String toolsJson, Map<String, ?> kwargs, boolean isTraining) {
        Object thinks = kwargs.get("enable_thinking");
        boolean byDefault =
                template.isThinking() && template.nonThinkingPrefix().isEmpty();
        Setting setting = new Setting(
                thinks == null ? byDefault : Boolean.parseBoolean(String.valueOf(thinks)),
                toolsJson != null,
                isTraining,
                kwargs);
        Rounds rounds =
                Rounds.of(template, agent, messages.stream().map(style::message).toList());
        rounds.all().forEach(round -> round.said().forEach(said -> said.replace(style.assistant(said.content()))));
        String system = opening(rounds, toolsJson, setting);
        new Thoughts(template, style, setting, trainsLastRound).apply(rounds.all());
        return new Writer(template, style, setting, stopWords(), setting.text("date_string", DATE))
                .write(system, rounds.all());
    }

    /** The system text with the tools in it. */
    private String opening(Rounds rounds, String toolsJson, Setting setting) {
        Round first = rounds.all().get(0);
        String system = rounds.system();
        if (system != null && style.putsSystemIntoUser()) {
            first.replaceGiven(system + "\n\n" + first.given());
            system = null;
        }
        system = system == null ? template.defaultSystem() : system;
        if (toolsJson != null) {
            if (agent == null) {
                throw new UserError(
                        "Cannot introduce tools",
                        "the template " + template.name() + " has no format for them",
                        "Set agent_template.");
            }
            Introduction introduction = agent.introduce(toolsJson, system, first.given());
            system = introduction.system();
            first.replaceGiven(introduction.user());
        }
        String written = style.system(system, setting);
        boolean hasPlace = template.systemPrefix() != null || template.postSystemPrompt() != null;
        if (written != null && !written.isEmpty() && !hasPlace) {
            throw new UserError(
                    "The template refuses this conversation",
                    template.name() + " has no place for a system prompt",
                    "Leave it out or choose another template.");
        }
        return written;
    }
}
