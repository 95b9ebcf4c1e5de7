package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code extract: {from, pattern, into, otherwise}}: finds a regular expression in a text and puts its groups into columns; a group that took
 * no part is an empty text. Where it is not found the row fails, or stays as it is with {@code otherwise: keep}. */
public final class ExtractStep implements RowStep {
    private final String from;
    private final Pattern pattern;
    private final List<String> into;
    private final boolean keep;

    private ExtractStep(String from, Pattern pattern, List<String> into, boolean keep) {
        this.from = from;
        this.pattern = pattern;
        this.into = into;
        this.keep = keep;
    }

    public static RowStep of(StepOptions options) {
        options.only("from", "pattern", "into", "otherwise");
        ExtractStep step = new ExtractStep(
                options.text("from"),
                options.pattern("pattern"),
                options.texts("into"),
                options.text("otherwise", "fail").equals("keep"));
        if (step.pattern.matcher("").groupCount() < step.into.size()) {
            throw options.problem("the pattern has fewer groups than into has columns");
        }
        return step;
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        Matcher matcher = pattern.matcher(RowPath.text(row, from));
        if (matcher.find()) {
            for (int i = 0; i < into.size(); i++) {
                String group = matcher.group(i + 1);
                row.put(into.get(i), group == null ? "" : group);
            }
        } else if (!keep) {
            throw StepFailure.broken(from + " has no " + Words.quoted(pattern.pattern()));
        }
    }

    @Override
    public String words() {
        return "find " + Words.quoted(pattern.pattern()) + " in " + from + ": its groups are "
                + String.join(", ", into);
    }
}
