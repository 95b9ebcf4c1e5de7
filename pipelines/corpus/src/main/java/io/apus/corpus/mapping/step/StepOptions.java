package io.apus.corpus.mapping.step;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.MappingStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The options of one step, read with messages that name the step. */
public final class StepOptions {
    private final MappingStep step;
    private final Function<MappingStep, RowStep> compiler;

    /** @param compiler makes the steps inside of a step */
    public StepOptions(MappingStep step, Function<MappingStep, RowStep> compiler) {
        this.step = step;
        this.compiler = compiler;
    }

    /** Refuses options that are none of {@code known}. */
    public StepOptions only(String... known) {
        for (String key : step.options().keySet()) {
            if (!List.of(known).contains(key)) {
                throw problem("it has no option \"" + key + "\", did you mean \""
                        + Registry.nearest(key, List.of(known)) + "\"?");
            }
        }
        return this;
    }

    /** All options, where their names are columns. */
    public Map<String, Object> all() {
        if (step.options().isEmpty()) {
            throw problem("it names no column");
        }
        return step.options();
    }

    public boolean has(String key) {
        return step.options().get(key) != null;
    }

    public Object value(String key) {
        Object value = step.options().get(key);
        if (value == null) {
            throw problem(key + " is missing");
        }
        return value;
    }

    public String text(String key) {
        return String.valueOf(value(key));
    }

    public String text(String key, String byDefault) {
        return has(key) ? text(key) : byDefault;
    }

    /** A list of texts; a single one is a list of one. */
    public List<String> texts(String key) {
        Object value = value(key);
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> texts.add(String.valueOf(item)));
        } else {
            texts.add(String.valueOf(value));
        }
        return texts;
    }

    public boolean flag(String key) {
        return has(key) && Boolean.parseBoolean(text(key));
    }

    public int number(String key, int byDefault) {
        if (has(key) && !(value(key) instanceof Number)) {
            throw problem(key + " is no number");
        }
        return has(key) ? ((Number) value(key)).intValue() : byDefault;
    }

    public Pattern pattern(String key) {
        try {
            return Pattern.compile(text(key));
        } catch (PatternSyntaxException e) {
            throw problem(key + " is no regular expression: " + e.getDescription());
        }
    }

    public StepOptions part(String key) {
        return new StepOptions(new MappingStep(step.name(), map(value(key), key)), compiler);
    }

    private Map<String, Object> map(Object value, String key) {
        if (value instanceof Map<?, ?> map) {
            return new MappingStep(step.name(), typed(map)).options();
        }
        throw problem(key + " is no list of \"key: value\" lines");
    }

    private static Map<String, Object> typed(Map<?, ?> map) {
        Map<String, Object> typed = new LinkedHashMap<>();
        map.forEach((key, value) -> typed.put(String.valueOf(key), value));
        return typed;
    }

    /** The steps inside of this one; none where the key is missing. */
    public List<RowStep> steps(String key) {
        List<RowStep> steps = new ArrayList<>();
        if (has(key)) {
            if (!(value(key) instanceof List<?> list)) {
                throw problem(key + " is no list of steps");
            }
            for (Object item : list) {
                Map<String, Object> named = item instanceof String name ? Map.of(name, Map.of()) : map(item, key);
                named.forEach((name, options) -> steps.add(compiler.apply(new MappingStep(name, nested(options)))));
            }
        }
        return steps;
    }

    private static Map<String, Object> nested(Object options) {
        if (options instanceof Map<?, ?> map) {
            return typed(map);
        }
        return options == null ? Map.of() : Map.of("value", options);
    }

    public UserError problem(String cause) {
        return new UserError("Cannot use the mapping step " + step.name(), cause, "");
    }
}
