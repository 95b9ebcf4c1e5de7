package io.apus.corpus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds and writes repeated blocks of text. */
final class Blocks {
    private Blocks() {}

    static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.DOTALL);
    }

    /** What {@code read} makes of each match, in order; matches of which it makes null are left out. */
    static <T> List<T> find(Pattern pattern, String text, Function<Matcher, T> read) {
        List<T> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            T value = read.apply(matcher);
            if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    /** Each item between {@code open} and {@code close}. */
    static String each(List<String> items, String open, String close, String join) {
        return items.stream().map(item -> open + item + close).collect(Collectors.joining(join));
    }

    static String each(List<ToolCall> calls, Function<ToolCall, String> write, String join) {
        return calls.stream().map(write).collect(Collectors.joining(join));
    }
}
