package io.apus.jobs.launch.options;

import io.apus.schemas.Registry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** What to say of a name that is no option: known to ms-swift, at home in another section, or the nearest name there is. */
final class UnknownNames {
    private static final String RESOURCE = "known-to-ms-swift.txt";
    private static final Set<String> KNOWN_TO_MS_SWIFT = read();

    private UnknownNames() {}

    /** Of a command-line flag without its dashes. */
    static String flag(String name) {
        if (KNOWN_TO_MS_SWIFT.contains(name)) {
            return "--" + name + ": known to ms-swift, not offered yet";
        }
        String nearest = Registry.nearest(name, OptionCatalog.INSTANCE.names());
        return "--" + name + ": unknown option; did you mean --" + nearest + "?";
    }

    /** Of a key {@code name} inside {@code section}, which is there. */
    static String key(Section section, String name) {
        String key = section.name().isEmpty() ? name : section.name() + "." + name;
        OptionCatalog catalog = OptionCatalog.INSTANCE;
        if (catalog.named(name).isPresent()) {
            return key + ": no such option here; it is "
                    + catalog.named(name).orElseThrow().key();
        }
        if (KNOWN_TO_MS_SWIFT.contains(name)) {
            return key + ": known to ms-swift, not offered yet";
        }
        if (section.name().isEmpty()) {
            Set<String> sections = catalog.sections().keySet().stream()
                    .filter(s -> !s.isEmpty())
                    .collect(Collectors.toSet());
            sections.addAll(catalog.names());
            return key + ": unknown section or option; did you mean \"" + Registry.nearest(name, sections) + "\"?";
        }
        return key + ": unknown option; did you mean \"" + Registry.nearest(key, catalog.keys()) + "\"?";
    }

    /** Of a whole dotted key. */
    static String dotted(String key) {
        int dot = key.lastIndexOf('.');
        Section section = OptionCatalog.INSTANCE.sections().get(dot < 0 ? "" : key.substring(0, dot));
        if (section == null) {
            return key + ": unknown option; did you mean \"" + Registry.nearest(key, OptionCatalog.INSTANCE.keys())
                    + "\"?";
        }
        return key(section, key.substring(dot + 1));
    }

    static Set<String> knownToMsSwift() {
        return KNOWN_TO_MS_SWIFT;
    }

    private static Set<String> read() {
        try (InputStream in = UnknownNames.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
