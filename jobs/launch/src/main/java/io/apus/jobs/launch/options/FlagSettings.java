package io.apus.jobs.launch.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads command-line words: {@code --learning_rate 2e-5}, {@code --dataset a b}, {@code --packing}, {@code --seed=7} and dotted
 * overrides {@code train.learning_rate=2e-5}. Lists take several values, and collect them when the flag is repeated.
 */
final class FlagSettings {
    private static final Pattern OVERRIDE =
            Pattern.compile("([a-zA-Z_0-9]+(?:\\.[a-zA-Z_0-9]+)*)=(.*)", Pattern.DOTALL);
    private static final String CLUSTER = "cluster";

    private final Settings clusterFile = new Settings();
    private final Settings settings = new Settings();
    private final Map<Option, List<String>> flags = new LinkedHashMap<>();

    /** The flag whose values are being read; null before the first one and behind an override. */
    private String name;

    private Option option;
    private int values;

    private FlagSettings() {}

    static Settings read(List<String> words) {
        FlagSettings reader = new FlagSettings();
        words.forEach(reader::word);
        reader.endFlag();
        reader.flags.forEach(reader::put);
        reader.clusterFile.override(reader.settings);
        return reader.clusterFile;
    }

    private void word(String word) {
        if (word.startsWith("--") && word.length() > 2) {
            endFlag();
            beginFlag(word.substring(2));
        } else if (isOverride(word)) {
            endFlag();
            name = null;
            override(word);
        } else if (name == null) {
            settings.problem("\"" + word + "\": values follow a --option, or are written section.option=value");
        } else {
            value(word);
        }
    }

    private void beginFlag(String word) {
        int equals = word.indexOf('=');
        name = (equals < 0 ? word : word.substring(0, equals)).replace('-', '_');
        option = OptionCatalog.INSTANCE.named(name).orElse(null);
        values = 0;
        if (option == null && !name.equals(CLUSTER)) {
            settings.problem(UnknownNames.flag(name));
        }
        if (option != null) {
            flags.computeIfAbsent(option, o -> new ArrayList<>());
        }
        if (equals >= 0) {
            value(word.substring(equals + 1));
        }
    }

    private void value(String value) {
        values++;
        if (name.equals(CLUSTER)) {
            clusterFile.override(YamlSettings.readCluster(Path.of(value)));
        } else if (option != null) {
            if (!option.kind().collects() && values > 1) {
                settings.problem("--" + name + ": takes one value; \"" + value + "\" is one too many");
            } else {
                flags.get(option).add(value);
            }
        }
    }

    private void endFlag() {
        if (name != null && option != null && values == 0) {
            if (option.kind() == OptionKind.BOOLEAN) {
                flags.get(option).add("true");
            } else if (!option.kind().collects()) {
                settings.problem("--" + name + ": needs a value");
                flags.remove(option);
            }
        }
    }

    /** Where values of a list are being read, only a known section (or option of the top level) makes a word with {@code =} an override. */
    private boolean isOverride(String word) {
        var match = OVERRIDE.matcher(word);
        if (!match.matches()) {
            return false;
        }
        boolean awaitsValue = name != null && option != null && (option.kind().collects() || values == 0);
        if (!awaitsValue) {
            return true;
        }
        return isSetting(match.group(1)) && (option.kind().collects() || option.kind() == OptionKind.BOOLEAN);
    }

    private static boolean isSetting(String key) {
        int dot = key.lastIndexOf('.');
        OptionCatalog catalog = OptionCatalog.INSTANCE;
        if (dot < 0) {
            return key.equals(CLUSTER) || catalog.keyed(key).isPresent();
        }
        return catalog.sections().containsKey(key.substring(0, dot));
    }

    private void override(String word) {
        int equals = word.indexOf('=');
        String key = word.substring(0, equals);
        String value = word.substring(equals + 1);
        if (key.equals(CLUSTER)) {
            clusterFile.override(YamlSettings.readCluster(Path.of(value)));
            return;
        }
        Optional<Option> target = OptionCatalog.INSTANCE.keyed(key);
        if (target.isEmpty()) {
            settings.problem(UnknownNames.dotted(key));
            return;
        }
        flags.remove(target.get());
        put(target.get(), List.of(value));
    }

    private void put(Option target, List<String> texts) {
        try {
            settings.put(target, node(target, texts));
        } catch (IllegalArgumentException e) {
            settings.problem(target.key() + ": " + e.getMessage());
        }
    }

    private static JsonNode node(Option option, List<String> texts) {
        return switch (option.kind()) {
            case LIST, NUMBERS -> list(texts);
            case FILTERS -> filters(texts);
            case MAP -> DeviceMapText.isWord(option, texts) ? TextNode.valueOf(texts.get(0)) : map(texts);
            default -> TextNode.valueOf(texts.get(texts.size() - 1));
        };
    }

    private static JsonNode list(List<String> texts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String text : texts) {
            if (text.startsWith("[")) {
                YamlSettings.value(text).forEach(list::add);
            } else {
                list.add(text);
            }
        }
        return list;
    }

    private static JsonNode filters(List<String> texts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String text : texts) {
            JsonNode node =
                    text.startsWith("[") || text.startsWith("{") ? YamlSettings.value(text) : TextNode.valueOf(text);
            if (node.isArray()) {
                node.forEach(list::add);
            } else {
                list.add(node);
            }
        }
        return list;
    }

    private static JsonNode map(List<String> texts) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (text.startsWith("{")) {
                YamlSettings.value(text).properties().forEach(field -> map.set(field.getKey(), field.getValue()));
            } else if (equals > 0) {
                map.put(text.substring(0, equals), text.substring(equals + 1));
            } else {
                throw new IllegalArgumentException("\"" + text + "\" is not KEY=VALUE or {KEY: VALUE}");
            }
        }
        return map;
    }
}
