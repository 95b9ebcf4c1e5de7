package io.apus.corpus.filter.privacy;

import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kinds of personal data, in the order in which they are looked for: the stricter a form, the earlier. */
enum PiiKind {
    EMAIL(
            "(?<![\\w.+%-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,8}[A-Za-z]{2,24}(?![\\w-])",
            String::length),
    IBAN("(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}", CheckDigits::ibanLength),
    CREDIT_CARD(
            "(?<![\\w.-])[2-6](?:[ -]?[0-9]){12,18}(?![\\w-])", text -> CheckDigits.isCard(text) ? text.length() : 0),
    IP(
            "(?<![\\w.:])(?:(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?!\\w|\\.[0-9])"
                    + "|[0-9A-Fa-f:]{6,39}(?![\\w:]))",
            text -> text.indexOf('.') > 0 || IpAddress.isVersion6(text) ? text.length() : 0),
    PHONE(
            "(?<![\\w.+-])(?:\\+[1-9][0-9]{0,2}[ .-]?(?:\\([0-9]{1,4}\\)[ .-]?)?[0-9](?:[ .-]?[0-9]){5,12}"
                    + "|\\([0-9]{3}\\) ?[0-9]{3}[ .-][0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{3}\\.[0-9]{3}\\.[0-9]{4})(?![\\w-]|\\.[0-9])",
            String::length);

    private final Pattern pattern;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final ToIntFunction<String> personal;

    /** @param personal how many characters at the beginning of a match are personal data; 0 where it only looks so */
    PiiKind(String pattern, ToIntFunction<String> personal) {
        this.pattern = Pattern.compile(pattern);
        this.personal = personal;
    }

    /** The name in options and facts, e.g. {@code credit_card}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What stands in its place, e.g. {@code [CREDIT_CARD]}. */
    String placeholder() {
        return "[" + name() + "]";
    }

    /** How often it occurs in {@code text}; the text with placeholders is appended to {@code redacted}. */
    long redact(String text, StringBuilder redacted) {
        Matcher matcher = pattern.matcher(text);
        long found = 0;
        int done = 0;
        int from = 0;
        while (from <= text.length() && matcher.find(from)) {
            int length = personal.applyAsInt(matcher.group());
            if (length > 0) {
                redacted.append(text, done, matcher.start()).append(placeholder());
                found++;
                done = matcher.start() + length;
                from = done;
            } else {
                from = matcher.start() + 1;
            }
        }
        redacted.append(text, done, text.length());
        return found;
    }
}
