package io.apus.jobs.eval.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.eval.task.EvalItem;
import io.apus.eval.task.EvalKinds;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.EvalEntry;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the rows of an evaluation set into items. */
public final class EvalRowReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

    private final EvalEntry set;

    public EvalRowReader(EvalEntry set) {
        this.set = set;
    }

    /** A row that cannot be measured, with the reason's code. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /** The first {@code limit} rows; blank lines are no rows. */
    public EvalRows read(int limit) {
        List<EvalItem> items = new ArrayList<>();
        Map<String, Long> refused = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(Path.of(set.path()))) {
            int row = 0;
            for (String line = lines.readLine(); line != null && row < limit; line = lines.readLine()) {
                if (!line.isBlank()) {
                    try {
                        items.add(item(row, line));
                    } catch (Refused e) {
                        refused.merge(e.getMessage(), 1L, Long::sum);
                    }
                    row++;
                }
            }
        } catch (IOException e) {
            throw new UserError("Cannot read " + set.path(), String.valueOf(e.getMessage()), "", e);
        }
        return new EvalRows(items, refused);
    }

    private EvalItem item(int index, String line) throws Refused {
        JsonNode row = parse(line);
        // Padded, so that the order of the ids as text is the order of the rows.
        String number = String.format(Locale.ROOT, "%06d", index);
        String id = set.id() == null ? number : text(row, set.id());
        List<Message> messages = messages(row);
        if (!set.kind().equals(EvalKinds.MULTIPLE_CHOICE)) {
            return new EvalItem(
                    set.name(), set.kind(), id, messages, List.of(), -1, text(row, set.answer()), set.answerPattern());
        }
        List<String> choices = choices(row);
        int answer = answer(row, choices);
        return new EvalItem(
                set.name(), set.kind(), id, messages, choices, answer, choices.get(answer), set.answerPattern());
    }

    private static JsonNode parse(String line) throws Refused {
        try {
            JsonNode row = JSON.readTree(line);
            if (row == null || !row.isObject()) {
                throw new Refused("no_object");
            }
            return row;
        } catch (JsonProcessingException e) {
            throw new Refused("broken_json");
        }
    }

    private static String text(JsonNode row, String column) throws Refused {
        JsonNode value = row.get(column);
        if (value == null || !value.isValueNode() || value.isNull()) {
            throw new Refused("missing_column");
        }
        return value.asText();
    }

    private List<Message> messages(JsonNode row) throws Refused {
        List<Message> messages = new ArrayList<>();
        if (set.system() != null) {
            messages.add(new Message(Roles.SYSTEM, set.system()));
        }
        if (set.prompt() == null) {
            return messages;
        }
        JsonNode value = row.get(set.prompt());
        if (value != null && value.isArray()) {
            for (JsonNode turn : value) {
                messages.add(new Message(text(turn, "role"), text(turn, "content")));
            }
        } else {
            messages.add(new Message(Roles.USER, question(row)));
        }
        return messages;
    }

    private String question(JsonNode row) throws Refused {
        Matcher columns = COLUMN.matcher(set.prompt());
        if (row.has(set.prompt()) || !columns.find()) {
            return text(row, set.prompt());
        }
        StringBuilder filled = new StringBuilder();
        do {
            columns.appendReplacement(filled, Matcher.quoteReplacement(text(row, columns.group(1))));
        } while (columns.find());
        return columns.appendTail(filled).toString();
    }

    private List<String> choices(JsonNode row) throws Refused {
        List<String> choices = new ArrayList<>();
        JsonNode only = set.choices().size() == 1 ? row.get(set.choices().get(0)) : null;
        if (only != null && only.isArray()) {
            only.forEach(choice -> choices.add(choice.asText()));
        } else {
            for (String column : set.choices()) {
                choices.add(text(row, column));
            }
        }
        if (choices.size() < 2 || choices.stream().anyMatch(String::isEmpty)) {
            throw new Refused("bad_choices");
        }
        return choices;
    }

    private int answer(JsonNode row, List<String> choices) throws Refused {
        String answer = text(row, set.answer());
        int index = choices.indexOf(answer);
        if (index < 0 && answer.matches("[0-9]{1,4}")) {
            index = Integer.parseInt(answer);
        } else if (index < 0 && answer.matches("[A-Za-z]")) {
            index = Character.toUpperCase(answer.charAt(0)) - 'A';
        }
        if (index < 0 || index >= choices.size()) {
            throw new Refused("bad_answer");
        }
        return index;
    }
}
