package io.apus.bench.measure;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark found: the command, the machine, tables and notes, as text and as JSON. */
public final class Report {
    private final String command;
    private final Map<String, Object> machine = new LinkedHashMap<>(Machine.facts());
    private final List<Table> tables = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    public Report(String command) {
        this.command = command;
        machine.put("load_at_start", Machine.load());
    }

    public void add(Table table) {
        tables.add(table);
    }

    /** A sentence that a reader needs to understand the tables. */
    public void note(String sentence) {
        notes.add(sentence);
    }

    public String text() {
        StringBuilder text = new StringBuilder("$ bench ").append(command).append('\n');
        machine.put("load_at_end", Machine.load());
        machine.forEach(
                (name, value) -> text.append(name).append('=').append(value).append("; "));
        text.setLength(text.length() - 2);
        text.append('\n');
        tables.forEach(table -> text.append('\n').append(table.text()));
        if (!notes.isEmpty()) {
            text.append('\n');
            notes.forEach(note -> text.append("- ").append(note).append('\n'));
        }
        return text.toString();
    }

    /** Writes tables and notes as Markdown. */
    public void writeMarkdown(Path file) throws IOException {
        StringBuilder text = new StringBuilder("`bench ").append(command).append("`\n\n");
        machine.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        tables.forEach(table -> text.append('\n').append(table.markdown()));
        text.append('\n');
        notes.forEach(note -> text.append("- ").append(note).append('\n'));
        Files.writeString(file, text.toString());
    }

    /** A fact about the machine beside those that every report has. */
    public void fact(String name, Object value) {
        machine.put(name, value);
    }

    /** Writes {command, machine, tables: [{title, rows: [{column: value}]}], notes}. */
    public void writeJson(Path file) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("command", command);
        json.putPOJO("machine", machine);
        ArrayNode list = json.putArray("tables");
        tables.forEach(table -> list.add(table.json()));
        json.putPOJO("notes", notes);
        Files.writeString(
                file, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }
}
