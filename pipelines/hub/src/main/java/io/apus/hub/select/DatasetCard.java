package io.apus.hub.select;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The YAML block at the head of a dataset's README.md, where {@code configs} names subsets and {@code data_files} their splits
 * (huggingface/datasets, {@code utils/metadata.py} and {@code data_files.py}). A block that cannot be read counts as none.
 */
final class DatasetCard {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern BLOCK = Pattern.compile("\\A\\s*---\\r?\\n(.*?)\\r?\\n---", Pattern.DOTALL);
    private static final int LONGEST = 1 << 20;
    private static final int MOST_PATTERNS = 2_000;

    private DatasetCard() {}

    static List<DataConfig> configs(String readme) {
        Matcher block = BLOCK.matcher(readme.length() > LONGEST ? readme.substring(0, LONGEST) : readme);
        if (!block.find()) {
            return List.of();
        }
        try {
            List<DataConfig> configs = new ArrayList<>();
            for (JsonNode node : YAML.readTree(block.group(1)).path("configs")) {
                configs.add(config(node));
            }
            int patterns = configs.stream()
                    .flatMap(config -> config.splits().values().stream())
                    .mapToInt(List::size)
                    .sum();
            return patterns > MOST_PATTERNS ? List.of() : configs;
        } catch (JsonProcessingException e) {
            return List.of();
        }
    }

    private static DataConfig config(JsonNode node) {
        String folder = node.path("data_dir").asText("");
        return new DataConfig(
                node.path("config_name").asText("default"),
                splits(node.path("data_files")),
                folder.equals(".") ? "" : folder.replaceFirst("^\\./", "").replaceFirst("/+$", ""),
                node.path("default").asBoolean());
    }

    private static Map<String, List<String>> splits(JsonNode files) {
        Map<String, List<String>> splits = new LinkedHashMap<>();
        List<String> plain = new ArrayList<>();
        for (JsonNode entry : files.isTextual() ? YAML.createArrayNode().add(files) : files) {
            if (entry.isTextual()) {
                plain.add(entry.asText());
            } else {
                splits.put(entry.path("split").asText(SplitNames.TRAIN), texts(entry.path("path")));
            }
        }
        if (!plain.isEmpty()) {
            splits.put(SplitNames.TRAIN, plain);
        }
        return splits;
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(child -> texts.add(child.asText()));
        return texts;
    }
}
