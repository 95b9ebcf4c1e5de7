package io.apus.corpus.template.named;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.Registry;
import io.apus.schemas.Registry.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The frames of {@code templates.json}: all that ms-swift 4.6 registers, by name; those of multimodal models are their text form. Where
 * {@code not_written} says so, ms-swift's program for the template writes more than its frame and {@link Styles} say.
 *
 * <p>Frames differ from ms-swift's on purpose where it leaves {@code {{system}}} unfilled (llava1_6_mistral) or a bracket off (aya,
 * c4ai).
 */
public final class NamedTemplates {
    private static final Registry<NamedTemplate> ALL = read();

    private NamedTemplates() {}

    @SuppressWarnings("unchecked") // an array of a generic type for the variable arguments
    private static Registry<NamedTemplate> read() {
        List<Entry<NamedTemplate>> entries = new ArrayList<>();
        try (InputStream in = NamedTemplates.class.getResourceAsStream("templates.json")) {
            for (JsonNode entry : new ObjectMapper().readTree(in)) {
                entry.get("names")
                        .forEach(name ->
                                entries.add(Registry.entry(name.asText(), NamedTemplate.read(name.asText(), entry))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        entries.sort(Comparator.comparing(Entry::name));
        return Registry.of("template", entries.toArray(Entry[]::new));
    }

    public static Set<String> names() {
        return ALL.names();
    }

    /** The template; an unknown name is a {@link io.apus.schemas.UserError} with the nearest one. */
    public static NamedTemplate get(String name) {
        return ALL.get(name);
    }
}
