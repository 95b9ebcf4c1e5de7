package io.apus.corpus.mapping.step;

import java.util.List;
import java.util.stream.Collectors;

/** How steps speak of their options. */
final class Words {
    private static final int LONGEST = 120;

    private Words() {}

    /** In quotes, on one line, shortened. */
    static String quoted(Object value) {
        String text = String.valueOf(value).replace("\\", "\\\\").replace("\n", "\\n");
        return "\"" + (text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text) + "\"";
    }

    static String steps(List<RowStep> steps) {
        return steps.isEmpty() ? "nothing" : steps.stream().map(RowStep::words).collect(Collectors.joining("; "));
    }
}
