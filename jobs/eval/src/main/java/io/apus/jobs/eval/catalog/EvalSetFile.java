package io.apus.jobs.eval.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.apus.eval.task.EvalKinds;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.EvalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one catalog file of {@code conf/evals}; all that is wrong with it is reported at once. */
final class EvalSetFile {
    private static final List<String> KEYS =
            List.of("name", "kind", "path", "prompt", "choices", "answer", "system", "answer_pattern", "id");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private final Path file;
    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private EvalSetFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static EvalEntry read(Path file) {
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root == null || !root.isObject()) {
                throw new UserError(
                        "Cannot read the evaluation set " + file, "it is no list of \"key: value\" lines", "");
            }
            return new EvalSetFile(file, root).parse();
        } catch (JsonProcessingException e) {
            throw new UserError(
                    "Cannot read the evaluation set " + file, "it is not YAML: " + e.getOriginalMessage(), "", e);
        } catch (IOException e) {
            throw new UserError("Cannot read the evaluation set " + file, String.valueOf(e.getMessage()), "", e);
        }
    }

    private EvalEntry parse() {
        root.fieldNames().forEachRemaining(this::checkKey);
        String kind = required("kind");
        if (kind != null && !EvalKinds.REGISTRY.names().contains(kind)) {
            problems.add("kind \"" + kind + "\" is not known, did you mean \""
                    + Registry.nearest(kind, EvalKinds.REGISTRY.names()) + "\"?");
        }
        String path = required("path");
        Path data =
                path == null ? file : file.toAbsolutePath().resolveSibling(path).normalize();
        if (path != null && !Files.isRegularFile(data)) {
            problems.add("path " + data + " is not a file");
        }
        String prompt = EvalKinds.PERPLEXITY.equals(kind) ? text("prompt") : required("prompt");
        List<String> choices = choices();
        if (EvalKinds.MULTIPLE_CHOICE.equals(kind) && choices.isEmpty()) {
            problems.add("choices is missing: name the column with the list of choices, or the columns");
        }
        String name = required("name");
        String answer = required("answer");
        String pattern = pattern();
        String system = text("system");
        String id = text("id");
        if (!problems.isEmpty()) {
            throw new UserError("Cannot read the evaluation set " + file, String.join("; ", problems), "");
        }
        return new EvalEntry(name, kind, data.toString(), prompt, choices, answer, system, pattern, id);
    }

    private void checkKey(String key) {
        if (!KEYS.contains(key)) {
            problems.add("unknown key \"" + key + "\", did you mean \"" + Registry.nearest(key, KEYS) + "\"?");
        }
    }

    private String required(String key) {
        String value = text(key);
        if (value == null) {
            problems.add(key + " is missing");
        }
        return value;
    }

    private String text(String key) {
        JsonNode value = root.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isValueNode() && !value.asText().isBlank()) {
            return value.asText();
        }
        problems.add(key + " must be a text");
        return null;
    }

    private List<String> choices() {
        JsonNode value = root.path("choices");
        List<String> columns = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(column -> columns.add(column.asText()));
        } else if (value.isTextual()) {
            columns.add(value.asText());
        } else if (!value.isMissingNode()) {
            problems.add("choices must be a column or a list of columns");
        }
        return columns;
    }

    private String pattern() {
        String source = text("answer_pattern");
        try {
            return source == null ? null : Pattern.compile(source).pattern();
        } catch (PatternSyntaxException e) {
            problems.add("answer_pattern is not a regular expression: " + e.getDescription());
            return null;
        }
    }
}
