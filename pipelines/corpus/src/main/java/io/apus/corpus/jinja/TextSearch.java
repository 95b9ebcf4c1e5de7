package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;

/** Searching, splitting and replacing in strings, keeping origins. */
final class TextSearch {
    private TextSearch() {}

    static CharSequence replace(
            Context context, CharSequence text, CharSequence old, CharSequence replacement, int count) {
        String value = text.toString();
        String sought = old.toString();
        TextBuilder out = new TextBuilder();
        int start = 0;
        int left = count < 0 ? Integer.MAX_VALUE : count;
        int found = left == 0 ? -1 : value.indexOf(sought);
        while (found >= 0 && left-- > 0) {
            Budget.fits(out.length());
            out.append(Text.part(text, start, found)).append(replacement);
            start = found + sought.length();
            int next = sought.isEmpty() ? found + 1 : start;
            if (sought.isEmpty() && found < value.length()) {
                next = value.offsetByCodePoints(found, 1);
            }
            found = next > value.length() ? -1 : value.indexOf(sought, next);
            if (found >= 0 && sought.isEmpty() && start >= value.length()) {
                found = -1;
            }
        }
        context.budget().text(out.length());
        return out.append(Text.part(text, start, value.length())).build();
    }

    /** Python's {@code split}: by a separator, or by runs of whitespace without empty parts when it is null. */
    static List<Object> split(CharSequence text, String separator, int most) {
        return separator == null ? words(text, most) : parts(text, separator, most);
    }

    private static List<Object> parts(CharSequence text, String separator, int most) {
        requireSeparator(separator);
        String value = text.toString();
        List<Object> parts = new ArrayList<>();
        int start = 0;
        for (int at = value.indexOf(separator);
                at >= 0 && (most < 0 || parts.size() < most);
                at = value.indexOf(separator, start)) {
            parts.add(Text.part(text, start, at));
            start = at + separator.length();
        }
        parts.add(Text.part(text, start, value.length()));
        return parts;
    }

    private static List<Object> words(CharSequence text, int most) {
        List<Object> words = new ArrayList<>();
        CharSequence rest = Text.strip(text, null, true, false);
        while (rest.length() > 0) {
            int end = 0;
            while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
                end++;
            }
            if (most >= 0 && words.size() == most) {
                words.add(rest);
                break;
            }
            words.add(Text.part(rest, 0, end));
            rest = Text.strip(Text.part(rest, end, rest.length()), null, true, false);
        }
        return words;
    }

    /** Python's {@code rsplit} with a separator: the splits are taken from the right. */
    static List<Object> splitFromRight(CharSequence text, String separator, int most) {
        if (most < 0) {
            return split(text, separator, most);
        }
        String sought = separator == null ? " " : separator;
        requireSeparator(sought);
        List<Object> parts = new ArrayList<>();
        CharSequence rest = separator == null ? Text.strip(text, null, true, true) : text;
        int at = rest.toString().lastIndexOf(sought);
        while (at >= 0 && parts.size() < most) {
            parts.add(0, Text.part(rest, at + sought.length(), rest.length()));
            rest = Text.part(rest, 0, at);
            at = rest.toString().lastIndexOf(sought);
        }
        parts.add(0, rest);
        return parts;
    }

    private static void requireSeparator(String separator) {
        if (separator.isEmpty()) {
            throw TemplateFailure.of("split needs a separator that is not empty");
        }
    }

    /** Python's {@code splitlines}. */
    static List<CharSequence> lines(CharSequence text, boolean keepEnds) {
        String value = text.toString();
        List<CharSequence> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            if (isLineEnd(value.charAt(i))) {
                int next = value.startsWith("\r\n", i) ? i + 2 : i + 1;
                lines.add(Text.part(text, start, keepEnds ? next : i));
                start = next;
                i = next - 1;
            }
        }
        if (start < value.length()) {
            lines.add(Text.part(text, start, value.length()));
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static Tuple partition(CharSequence text, String separator, boolean fromRight) {
        requireSeparator(separator);
        String value = text.toString();
        int at = fromRight ? value.lastIndexOf(separator) : value.indexOf(separator);
        if (at < 0) {
            return new Tuple(fromRight ? List.of("", "", text) : List.of(text, "", ""));
        }
        int end = at + separator.length();
        return new Tuple(
                List.of(Text.part(text, 0, at), Text.part(text, at, end), Text.part(text, end, value.length())));
    }
}
