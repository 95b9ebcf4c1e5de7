package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places for values of the row: {@code {path}}, or {@code {path?}} which is empty where the row has none. Doubled braces are
 * braces. Lists and objects are written as Python's {@code json.dumps} writes them.
 */
final class TextTemplate {
    private static final Pattern PLACE = Pattern.compile("\\{\\{|}}|\\{([^{}]+)}");

    /** A piece of text, or the path of a value. */
    private record Piece(String text, boolean isPath) {}

    private final List<Piece> pieces = new ArrayList<>();

    TextTemplate(String source) {
        Matcher places = PLACE.matcher(source);
        int end = 0;
        while (places.find()) {
            pieces.add(new Piece(source.substring(end, places.start()), false));
            pieces.add(
                    places.group(1) == null
                            ? new Piece(places.group().substring(1), false)
                            : new Piece(places.group(1), true));
            end = places.end();
        }
        pieces.add(new Piece(source.substring(end), false));
    }

    String fill(JsonNode row) {
        StringBuilder filled = new StringBuilder();
        for (Piece piece : pieces) {
            filled.append(piece.isPath() ? value(row, piece.text()) : piece.text());
        }
        return filled.toString();
    }

    private static String value(JsonNode row, String path) {
        boolean optional = path.endsWith("?");
        String name = optional ? path.substring(0, path.length() - 1) : path;
        JsonNode value = optional ? RowPath.find(row, name) : RowPath.need(row, name);
        return value == null ? "" : Written.text(value);
    }
}
