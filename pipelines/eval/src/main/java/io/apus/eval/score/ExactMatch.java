package io.apus.eval.score;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an answer is the reference. Both are normalised first: white space at the ends is dropped and every run of white space inside
 * becomes one space. Case, punctuation and accents count.
 */
public final class ExactMatch {
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private ExactMatch() {}

    public static boolean matches(String answer, String reference) {
        return normalise(answer).equals(normalise(reference));
    }

    public static String normalise(String text) {
        return SPACES.matcher(text).replaceAll(" ").strip();
    }

    /**
     * The part of a text that is compared: the first group (or the whole) of the last place where {@code pattern} matches; all of the
     * text where it matches nowhere. Thus {@code #### (.+)} finds the number behind a worked answer.
     */
    public static String extract(String text, Optional<Pattern> pattern) {
        if (pattern.isEmpty()) {
            return text;
        }
        Matcher matcher = pattern.get().matcher(text);
        String found = text;
        while (matcher.find()) {
            found = matcher.groupCount() > 0 && matcher.group(1) != null ? matcher.group(1) : matcher.group();
        }
        return found;
    }
}
