package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;

/** Methods of strings. */
final class TextMethods {
    static final Map<String, Methods.Method<CharSequence>> ALL = all();

    private TextMethods() {}

    private static Map<String, Methods.Method<CharSequence>> all() {
        Map<String, Methods.Method<CharSequence>> all = new HashMap<>();
        all.put("strip", (context, text, a) -> Text.strip(text, a.textOrNull(0, "chars"), true, true));
        all.put("lstrip", (context, text, a) -> Text.strip(text, a.textOrNull(0, "chars"), true, false));
        all.put("rstrip", (context, text, a) -> Text.strip(text, a.textOrNull(0, "chars"), false, true));
        all.put("upper", (context, text, a) -> Text.upper(text));
        all.put("lower", (context, text, a) -> Text.lower(text));
        all.put("casefold", (context, text, a) -> Text.lower(text));
        all.put("title", (context, text, a) -> TextCases.title(text));
        all.put("capitalize", (context, text, a) -> TextCases.capitalize(text));
        all.put("swapcase", (context, text, a) -> TextCases.swap(text));
        all.put("center", (context, text, a) -> pad(context, text, a, '^'));
        all.put("ljust", (context, text, a) -> pad(context, text, a, '<'));
        all.put("rjust", (context, text, a) -> pad(context, text, a, '>'));
        all.put("zfill", (context, text, a) -> zeros(context, text, Values.index(a.required(0, "width"))));
        all.put("format", (context, text, a) -> Formats.braces(text, a, context));
        all.put(
                "join",
                (context, text, a) -> SequenceFilters.join(context, text, Values.items(a.required(0, "iterable"))));
        splitting(all);
        searching(all);
        characterTests(all);
        return Map.copyOf(all);
    }

    private static void splitting(Map<String, Methods.Method<CharSequence>> all) {
        all.put(
                "split",
                (context, text, a) -> TextSearch.split(text, a.textOrNull(0, "sep"), a.integer(1, "maxsplit", -1)));
        all.put(
                "rsplit",
                (context, text, a) ->
                        TextSearch.splitFromRight(text, a.textOrNull(0, "sep"), a.integer(1, "maxsplit", -1)));
        all.put(
                "splitlines",
                (context, text, a) -> new ArrayList<Object>(TextSearch.lines(text, a.flag(0, "keepends", false))));
        all.put(
                "partition",
                (context, text, a) ->
                        TextSearch.partition(text, a.text(0, "sep").toString(), false));
        all.put(
                "rpartition",
                (context, text, a) ->
                        TextSearch.partition(text, a.text(0, "sep").toString(), true));
    }

    private static void searching(Map<String, Methods.Method<CharSequence>> all) {
        all.put("startswith", (context, text, a) -> affix(text, a, String::startsWith));
        all.put("endswith", (context, text, a) -> affix(text, a, String::endsWith));
        all.put("removeprefix", (context, text, a) -> {
            String prefix = a.text(0, "prefix").toString();
            return text.toString().startsWith(prefix) ? Text.part(text, prefix.length(), text.length()) : text;
        });
        all.put("removesuffix", (context, text, a) -> {
            String suffix = a.text(0, "suffix").toString();
            return text.toString().endsWith(suffix) ? Text.part(text, 0, text.length() - suffix.length()) : text;
        });
        all.put(
                "replace",
                (context, text, a) -> TextSearch.replace(
                        context, text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1)));
        all.put(
                "count",
                (context, text, a) -> count(text.toString(), a.text(0, "sub").toString()));
        all.put("find", (context, text, a) -> find(text, a, false));
        all.put("rfind", (context, text, a) -> find(text, a, true));
        all.put("index", (context, text, a) -> found(find(text, a, false)));
        all.put("rindex", (context, text, a) -> found(find(text, a, true)));
    }

    private static void characterTests(Map<String, Methods.Method<CharSequence>> all) {
        all.put("isdigit", (context, text, a) -> allAre(text, Character::isDigit));
        all.put("isdecimal", (context, text, a) -> allAre(text, Character::isDigit));
        all.put("isnumeric", (context, text, a) -> allAre(text, TextMethods::isNumeric));
        all.put("isalpha", (context, text, a) -> allAre(text, Character::isLetter));
        all.put("isalnum", (context, text, a) -> allAre(text, c -> Character.isLetter(c) || isNumeric(c)));
        all.put("isspace", (context, text, a) -> allAre(text, Text::isSpace));
        all.put("isascii", (context, text, a) -> text.chars().allMatch(c -> c < 0x80));
        all.put("isupper", (context, text, a) -> Tests.hasCase(text, Character::isUpperCase, Character::isLowerCase));
        all.put("islower", (context, text, a) -> Tests.hasCase(text, Character::isLowerCase, Character::isUpperCase));
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean allAre(CharSequence text, IntPredicate kind) {
        return text.length() > 0 && text.codePoints().allMatch(kind);
    }

    private static CharSequence pad(Context context, CharSequence text, Arguments a, char side) {
        return TextCases.pad(
                context,
                text,
                Values.index(a.required(0, "width")),
                Values.text(a.get(1, "fillchar", " ")).toString(),
                side);
    }

    private static CharSequence zeros(Context context, CharSequence text, int width) {
        boolean signed = text.length() > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+');
        CharSequence sign = Text.part(text, 0, signed ? 1 : 0);
        CharSequence digits = Text.part(text, signed ? 1 : 0, text.length());
        CharSequence padded = TextCases.pad(context, digits, width - sign.length(), "0", '>');
        return new TextBuilder().append(sign).append(padded).build();
    }

    /** {@code startswith} and {@code endswith} take one affix or a tuple of them, and bounds of the part to look at. */
    private static boolean affix(CharSequence text, Arguments a, BiPredicate<String, String> test) {
        Object wanted = a.required(0, "prefix");
        Object part = a.count() > 1 ? Slices.of(text, a.get(1, "start", null), a.get(2, "end", null), null) : text;
        String value = part.toString();
        List<?> affixes = wanted instanceof Tuple tuple ? tuple : List.of(Values.text(wanted));
        return affixes.stream()
                .anyMatch(affix -> test.test(value, Values.text(affix).toString()));
    }

    private static long find(CharSequence text, Arguments a, boolean last) {
        String sought = a.text(0, "sub").toString();
        int length = CodePoints.length(text);
        int start = bound(a.integer(1, "start", 0), length);
        int end = bound(a.integer(2, "end", length), length);
        if (start > end) {
            return -1;
        }
        String part = text.toString().substring(CodePoints.offset(text, start), CodePoints.offset(text, end));
        int at = last ? part.lastIndexOf(sought) : part.indexOf(sought);
        return at < 0 ? -1 : start + part.codePointCount(0, at);
    }

    private static int bound(int index, int length) {
        return Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private static long found(long position) {
        if (position < 0) {
            throw TemplateFailure.of("the text was not found");
        }
        return position;
    }

    private static long count(String text, String sought) {
        if (sought.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length())) {
            count++;
        }
        return count;
    }
}
