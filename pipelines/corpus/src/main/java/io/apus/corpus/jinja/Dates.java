package io.apus.corpus.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** {@code strftime} in the C locale. */
final class Dates {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('f', "SSSSSS"),
            Map.entry('p', "a"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('h', "MMM"),
            Map.entry('j', "DDD"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('R', "HH:mm"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('c', "EEE MMM ppd HH:mm:ss yyyy"),
            Map.entry('x', "MM/dd/yy"),
            Map.entry('X', "HH:mm:ss"),
            Map.entry('e', "ppd"));

    private Dates() {}

    static String format(ZonedDateTime time, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char next = format.charAt(++i);
            boolean isBare = next == '-' && i + 1 < format.length();
            char directive = isBare ? format.charAt(++i) : next;
            String text = directive(time, directive);
            out.append(isBare ? text.strip().replaceFirst("^0+(?=\\d)", "") : text);
        }
        return out.toString();
    }

    private static String directive(ZonedDateTime time, char directive) {
        if (directive == '%') {
            return "%";
        }
        if (directive == 'w') {
            return String.valueOf(time.getDayOfWeek().getValue() % 7);
        }
        String pattern = PATTERNS.get(directive);
        if (pattern == null) {
            throw TemplateFailure.of("strftime_now: '%" + directive + "' is not supported");
        }
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
