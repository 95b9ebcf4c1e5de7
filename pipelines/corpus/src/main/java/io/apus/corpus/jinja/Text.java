package io.apus.corpus.jinja;

import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A string that remembers where each of its characters comes from. Pieces may be empty: an empty message content keeps its place.
 * Untraced renderings use plain {@link String}s only, and every operation takes either.
 */
final class Text implements CharSequence {
    private final String value;
    private final int[] starts;
    private final Origin[] origins;

    /** {@code starts[k]} is where piece k begins (ascending); it ends where piece k + 1 begins. */
    Text(String value, int[] starts, Origin[] origins) {
        this.value = value;
        this.starts = starts;
        this.origins = origins;
    }

    static Text of(String value, Origin origin) {
        return new Text(value, new int[] {0}, new Origin[] {origin});
    }

    int pieces() {
        return starts.length;
    }

    int start(int piece) {
        return starts[piece];
    }

    int end(int piece) {
        return piece + 1 < starts.length ? starts[piece + 1] : value.length();
    }

    Origin origin(int piece) {
        return origins[piece];
    }

    @Override
    public int length() {
        return value.length();
    }

    @Override
    public char charAt(int index) {
        return value.charAt(index);
    }

    /** The part [start, end); where nothing is left of it, one empty piece keeps the origin of the place. */
    @Override
    public Text subSequence(int start, int end) {
        TextBuilder part = new TextBuilder();
        for (int k = 0; k < starts.length; k++) {
            int from = Math.max(start, starts[k]);
            int to = Math.min(end, end(k));
            boolean wasEmpty = starts[k] == end(k);
            if (from < to || (wasEmpty && from == to)) {
                part.append(value.substring(from, to), origins[k]);
            }
        }
        if (part.isUntouched()) {
            part.append("", originAt(start));
        }
        return part.toText();
    }

    private Origin originAt(int position) {
        for (int k = 0; k < starts.length; k++) {
            if (position >= starts[k] && position <= end(k)) {
                return origins[k];
            }
        }
        return Origin.NONE;
    }

    @Override
    public String toString() {
        return value;
    }

    /** A part of any string, keeping origins. */
    static CharSequence part(CharSequence text, int start, int end) {
        return text instanceof String plain ? plain.substring(start, end) : text.subSequence(start, end);
    }

    /** A change of each piece by itself (upper case and the like), keeping origins. */
    static CharSequence map(CharSequence text, UnaryOperator<String> change) {
        if (!(text instanceof Text traced)) {
            return change.apply(text.toString());
        }
        TextBuilder changed = new TextBuilder();
        for (int k = 0; k < traced.starts.length; k++) {
            changed.append(change.apply(traced.value.substring(traced.starts[k], traced.end(k))), traced.origins[k]);
        }
        return changed.toText();
    }

    static CharSequence upper(CharSequence text) {
        return map(text, s -> s.toUpperCase(Locale.ROOT));
    }

    static CharSequence lower(CharSequence text) {
        return map(text, s -> s.toLowerCase(Locale.ROOT));
    }

    /** The text without leading and trailing characters of {@code characters}; null means whitespace. */
    static CharSequence strip(CharSequence text, String characters, boolean leading, boolean trailing) {
        String value = text.toString();
        int start = 0;
        int end = value.length();
        while (leading && start < end && isStripped(value.codePointAt(start), characters)) {
            start += Character.charCount(value.codePointAt(start));
        }
        while (trailing && end > start && isStripped(value.codePointBefore(end), characters)) {
            end -= Character.charCount(value.codePointBefore(end));
        }
        return start == 0 && end == value.length() ? text : part(text, start, end);
    }

    private static boolean isStripped(int point, String characters) {
        return characters == null ? isSpace(point) : characters.indexOf(point) >= 0;
    }

    /** Python's {@code str.isspace} of one code point. */
    static boolean isSpace(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
    }
}
