package io.apus.jobs.launch.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.RunSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link RunSpec} as text, option by option: the canonical form that manifests keep and fingerprints are made of. */
public final class SpecText {
    /** What stands for an option that was left out and has no fixed default. */
    public static final String NOT_GIVEN = "(not given)";

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private SpecText() {}

    /** Every option as "section.option" to text, in the order of the sections. */
    public static Map<String, String> of(RunSpec spec) {
        Map<String, String> texts = new LinkedHashMap<>();
        add(texts, OptionCatalog.INSTANCE.root(), spec);
        return texts;
    }

    /** The options of {@code sections} only (with the sections inside them). */
    public static Map<String, String> of(RunSpec spec, Collection<String> sections) {
        Map<String, String> texts = of(spec);
        texts.keySet().removeIf(key -> sections.stream().noneMatch(section -> key.startsWith(section + ".")));
        return texts;
    }

    /** One value as text. */
    static String of(Object value) {
        if (value == null) {
            return NOT_GIVEN;
        }
        try {
            return value instanceof String text ? text : JSON.writeValueAsString(plain(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Filters as a run file writes them, everything else as it is. */
    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(SpecText::plain).toList();
        }
        if (!(value instanceof FilterRule rule)) {
            return value;
        }
        Map<String, Object> options = new LinkedHashMap<>();
        rule.options().forEach((name, values) -> options.put(name, values.size() == 1 ? values.get(0) : values));
        return options.isEmpty() ? rule.name() : Map.of(rule.name(), options);
    }

    private static void add(Map<String, String> texts, Section section, Record record) {
        for (Option option : section.options()) {
            texts.put(option.key(), of(section.read(record, option.name())));
        }
        for (Section child : section.children()) {
            Record inside = (Record) section.read(record, child.key());
            if (inside == null) {
                texts.put(child.name(), NOT_GIVEN);
            } else {
                add(texts, child, inside);
            }
        }
    }
}
