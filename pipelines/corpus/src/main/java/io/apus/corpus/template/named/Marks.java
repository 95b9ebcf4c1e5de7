package io.apus.corpus.template.named;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills the marks of a frame in one pass, so that nothing in a conversation is taken for a mark. */
final class Marks {
    private static final Pattern MARK = Pattern.compile("\\{\\{([A-Z0-9]+)\\}\\}");

    private Marks() {}

    /** The frame with the text of each mark by its name; marks without one stay. */
    static String fill(String frame, Map<String, String> texts) {
        Matcher matcher = MARK.matcher(frame);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    filled, Matcher.quoteReplacement(texts.getOrDefault(matcher.group(1), matcher.group())));
        }
        return matcher.appendTail(filled).toString();
    }
}
