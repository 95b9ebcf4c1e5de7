package io.apus.bench.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Rows of numbers under one heading; a column of numbers stands right-aligned. */
public final class Table {
    private final String title;
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    /** Columns carry their unit in the name, e.g. {@code tokens/s}. */
    public Table(String title, String... columns) {
        this.title = title;
        this.columns = List.of(columns);
    }

    /** Adds a row of texts and numbers, one a column. */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    title + ": " + cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    String text() {
        StringBuilder text = new StringBuilder(title).append('\n');
        line(text, columns.stream().map(Object.class::cast).toList());
        rows.forEach(row -> line(text, row));
        return text.toString();
    }

    /** As a table of Markdown. */
    String markdown() {
        StringBuilder text = new StringBuilder("### ").append(title).append("\n\n");
        markdown(text, columns);
        markdown(text, columns.stream().map(column -> "---").toList());
        rows.forEach(row -> markdown(text, row.stream().map(Table::show).toList()));
        return text.toString();
    }

    private static void markdown(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void line(StringBuilder text, List<Object> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            boolean right = rows.stream().map(rowAt(i)).allMatch(Number.class::isInstance);
            String format = "  %" + (right ? "" : "-") + width(i) + "s";
            line.append(String.format(Locale.ROOT, format, show(cells.get(i))));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static Function<List<Object>, Object> rowAt(int column) {
        return row -> row.get(column);
    }

    private int width(int column) {
        return Math.max(
                columns.get(column).length(),
                rows.stream()
                        .map(rowAt(column))
                        .mapToInt(cell -> show(cell).length())
                        .max()
                        .orElse(0));
    }

    /** Three significant digits below 100, whole numbers above. */
    private static String show(Object cell) {
        if (!(cell instanceof Double number)) {
            return cell.toString();
        }
        double size = Math.abs(number);
        int decimals = size >= 100 || size == 0 ? 0 : Math.max(0, 2 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%,." + Math.min(decimals, 9) + "f", number);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("title", title);
        ArrayNode list = json.putArray("rows");
        for (List<Object> row : rows) {
            ObjectNode object = list.addObject();
            for (int i = 0; i < row.size(); i++) {
                object.putPOJO(columns.get(i), row.get(i));
            }
        }
        return json;
    }
}
