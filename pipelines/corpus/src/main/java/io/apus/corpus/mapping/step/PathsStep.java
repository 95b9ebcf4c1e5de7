package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code paths: {column, prefix, into}}: makes a list of paths of a path, of {@code {path: ...}}, or of a list of either, with a folder in
 * front. */
public final class PathsStep implements RowStep {
    private final String column;
    private final String prefix;
    private final String into;

    private PathsStep(String column, String prefix, String into) {
        this.column = column;
        this.prefix = prefix;
        this.into = into;
    }

    public static RowStep of(StepOptions options) {
        options.only("column", "prefix", "into");
        return new PathsStep(
                options.text("column"), options.text("prefix", ""), options.text("into", options.text("column")));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        JsonNode value = RowPath.need(row, column);
        ArrayNode paths = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : value.isArray() ? value : List.of(value)) {
            JsonNode path = item.isObject() ? item.path("path") : item;
            if (!path.isTextual() || path.textValue().isBlank()) {
                throw StepFailure.broken(column + " holds " + item + ", no path");
            }
            paths.add(prefix + path.textValue());
        }
        if (paths.isEmpty()) {
            throw StepFailure.broken(column + " names no file");
        }
        row.set(into, paths);
    }

    @Override
    public String words() {
        return into + " are the files of " + column + (prefix.isEmpty() ? "" : " below " + prefix);
    }
}
