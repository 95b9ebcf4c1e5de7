package io.apus.jobs.launch.options;

import io.apus.schemas.spec.RunSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every section and option there is, read from the records of {@link RunSpec}. */
final class OptionCatalog {
    static final OptionCatalog INSTANCE = new OptionCatalog();

    private final Section root = Section.of("", RunSpec.class);
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final Map<String, Option> byKey = new LinkedHashMap<>();
    private final Map<String, Option> byName = new LinkedHashMap<>();

    private OptionCatalog() {
        add(root);
    }

    private void add(Section section) {
        sections.put(section.name(), section);
        for (Option option : section.options()) {
            byKey.put(option.key(), option);
            if (byName.put(option.name(), option) != null) {
                throw new IllegalStateException("two sections have an option " + option.name());
            }
        }
        section.children().forEach(this::add);
    }

    Section root() {
        return root;
    }

    /** All sections by name, in order; the top level is the empty name. */
    Map<String, Section> sections() {
        return sections;
    }

    /** The option {@code name} of whichever section has it. */
    Optional<Option> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The option with the dotted name {@code key}. */
    Optional<Option> keyed(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Set<String> names() {
        return byName.keySet();
    }

    Set<String> keys() {
        return byKey.keySet();
    }
}
