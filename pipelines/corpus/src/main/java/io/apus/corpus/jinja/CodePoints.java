package io.apus.corpus.jinja;

/** Python counts strings in code points, Java in UTF-16 units: this translates. */
final class CodePoints {
    private CodePoints() {}

    static int length(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }

    /** The UTF-16 position of a code point index within [0, length]. */
    static int offset(CharSequence text, int index) {
        return Character.offsetByCodePoints(text, 0, index);
    }

    static int compare(String a, String b) {
        int i = 0;
        int shared = Math.min(a.length(), b.length());
        while (i < shared && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        if (i == a.length() || i == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        int start = i > 0 && Character.isLowSurrogate(a.charAt(i)) ? i - 1 : i;
        return Integer.compare(a.codePointAt(start), b.codePointAt(start));
    }
}
