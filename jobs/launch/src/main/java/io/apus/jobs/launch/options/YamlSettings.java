package io.apus.jobs.launch.options;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a run file: {@code output_dir}, {@code seed} and the sections. A flat option at the top level is read too, as ms-swift's
 * own YAML files are flat. {@code cluster} may be the name of a file that holds a cluster section.
 */
final class YamlSettings {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));

    private final Settings settings = new Settings();

    private YamlSettings() {}

    static Settings read(Path file) {
        YamlSettings reader = new YamlSettings();
        reader.section(OptionCatalog.INSTANCE.root(), load(file, "run file"));
        return reader.settings;
    }

    /** The settings of a cluster file: its {@code cluster} section, or the section's keys at the top level. */
    static Settings readCluster(Path file) {
        YamlSettings reader = new YamlSettings();
        JsonNode node = load(file, "cluster file");
        reader.section(
                OptionCatalog.INSTANCE.sections().get("cluster"), node.has("cluster") ? node.get("cluster") : node);
        return reader.settings;
    }

    /** A value written on the command line where YAML's lists and maps are allowed. */
    static JsonNode value(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a YAML value: " + firstLine(e), e);
        }
    }

    private void section(Section section, JsonNode node) {
        if (node.isNull()) {
            return;
        }
        if (!node.isObject()) {
            settings.problem(section.name() + ": is a section: give its options as a map");
            return;
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            read(section, field.getKey(), field.getValue());
        }
    }

    private void read(Section section, String name, JsonNode value) {
        Optional<Section> child =
                section.children().stream().filter(s -> s.key().equals(name)).findFirst();
        if (child.isPresent() && child.get().name().equals("cluster") && value.isTextual()) {
            settings.override(readCluster(Path.of(value.asText())));
        } else if (child.isPresent() && (value.isObject() || value.isNull() || !isFlat(section, name))) {
            section(child.get(), value);
        } else {
            option(section, name, value);
        }
    }

    private void option(Section section, String name, JsonNode value) {
        Optional<Option> option =
                section.options().stream().filter(o -> o.name().equals(name)).findFirst();
        if (option.isEmpty() && isFlat(section, name)) {
            option = OptionCatalog.INSTANCE.named(name);
        }
        if (option.isEmpty()) {
            settings.problem(UnknownNames.key(section, name));
        } else if (settings.has(option.get())) {
            settings.problem(option.get().key() + ": given twice");
        } else {
            settings.put(option.get(), value);
        }
    }

    private static boolean isFlat(Section section, String name) {
        return section.name().isEmpty() && OptionCatalog.INSTANCE.named(name).isPresent();
    }

    private static JsonNode load(Path file, String noun) {
        if (!Files.isRegularFile(file)) {
            throw new UserError("Cannot read the " + noun, "there is no file " + file, "");
        }
        try {
            JsonNode node = YAML.readTree(file.toFile());
            if (node instanceof MissingNode || !node.isObject()) {
                throw new UserError(
                        "Cannot read the " + noun, file + " holds no YAML map", "See conf/runs for examples.");
            }
            return node;
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
            throw new UserError("Cannot read the " + noun, file + where + ": " + firstLine(e), "", e);
        } catch (IOException e) {
            throw new UserError("Cannot read the " + noun, file + ": " + e.getMessage(), "", e);
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("not valid YAML");
    }
}
