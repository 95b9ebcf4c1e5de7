package io.apus.corpus.jinja;

import io.apus.schemas.UserError;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A parsed chat template: the part of Jinja2 that chat templates use, rendered as transformers renders it ({@code trim_blocks},
 * {@code lstrip_blocks}, loop controls, {@code generation} blocks, its own {@code tojson}).
 *
 * <p>Sandboxed: values are data, no Java object is reachable from a template, and each rendering is bounded in work, size and depth.
 * Immutable and safe for use by several threads.
 */
public final class JinjaTemplate {
    private final List<Statement> body;
    private final boolean hasGeneration;
    private final Supplier<ZonedDateTime> clock;

    private JinjaTemplate(StatementParser.Parsed parsed, Supplier<ZonedDateTime> clock) {
        this.body = parsed.body();
        this.hasGeneration = parsed.hasGeneration();
        this.clock = clock;
    }

    /** Parses a template; a mistake in it is a {@link UserError} that names the line. */
    public static JinjaTemplate parse(String source) {
        return parse(source, ZonedDateTime::now);
    }

    /** As {@link #parse(String)}, with the clock that {@code strftime_now} reads. */
    public static JinjaTemplate parse(String source, Supplier<ZonedDateTime> clock) {
        try {
            return new JinjaTemplate(StatementParser.parse(source), clock);
        } catch (TemplateFailure e) {
            throw new UserError(
                    "Cannot read the chat template",
                    "line " + e.lineOr(1) + ": " + e.getMessage(),
                    "Correct the template.",
                    e);
        } catch (StackOverflowError e) {
            throw new UserError(
                    "Cannot read the chat template", "it is nested too deeply", "Simplify the template.", e);
        }
    }

    /** Whether the template marks what the assistant generates with {@code {% generation %}}. */
    public boolean hasGeneration() {
        return hasGeneration;
    }

    /**
     * Renders with the given variables: null, Boolean, numbers, strings, maps and lists of those.
     *
     * @throws UserError when the template refuses its input or fails; names the line
     */
    public String render(Map<String, ?> variables) {
        return run(variables, null).toString();
    }

    /**
     * Renders and tells where every character comes from.
     *
     * @param itemsVariable the variable, a list of maps, whose strings are traced by the index of their map
     * @param untraced keys whose values are not traced, such as {@code role}
     * @param markedVariables string variables whose characters are reported by the variable's name, such as {@code eos_token}
     */
    public TracedText trace(
            Map<String, ?> variables, String itemsVariable, List<String> untraced, List<String> markedVariables) {
        Map<String, Object> traced = new HashMap<>(variables);
        List<Map<String, Object>> items = Tracing.items(variables.get(itemsVariable), untraced);
        traced.put(itemsVariable, items);
        for (String name : markedVariables) {
            if (traced.get(name) instanceof String text) {
                traced.put(name, Text.of(text, Origin.marked(name)));
            }
        }
        CharSequence output = run(traced, itemsVariable);
        return TracedText.of(output instanceof Text text ? text : Text.of(output.toString(), Origin.NONE));
    }

    private CharSequence run(Map<String, ?> variables, String ownersVariable) {
        Map<String, Object> values = Globals.all(clock);
        variables.forEach((name, value) -> values.put(name, Values.of(value)));
        IdentityHashMap<Object, Integer> owners = null;
        if (ownersVariable != null) {
            owners = new IdentityHashMap<>();
            for (Object item : Values.items(values.get(ownersVariable))) {
                owners.put(item, owners.size());
            }
        }
        Context context = new Context(Scope.root(values), owners);
        try {
            Statement.runAll(body, context);
            return context.output();
        } catch (TemplateFailure e) {
            throw userError(e, context.line());
        } catch (StackOverflowError e) {
            throw new UserError(
                    "Cannot render the chat template", "it is nested too deeply", "Simplify the template.", e);
        }
    }

    private static UserError userError(TemplateFailure e, int line) {
        if (e.wasRaised()) {
            return new UserError(
                    "The chat template refuses these messages",
                    e.getMessage() + " (line " + line + ")",
                    "Change the messages or the template.",
                    e);
        }
        return new UserError(
                "Cannot render the chat template",
                "line " + e.lineOr(line) + ": " + e.getMessage(),
                "Correct the template or its input.",
                e);
    }
}
