package io.apus.corpus.tokenize;

/** Text that has a UTF-8 form. */
final class WellFormed {
    private WellFormed() {}

    /** Halves of surrogate pairs have no UTF-8 form: each becomes U+FFFD, which keeps all positions. */
    static String of(String text) {
        StringBuilder mended = null;
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                i++;
            } else {
                mended = mended == null ? new StringBuilder(text) : mended;
                mended.setCharAt(i, '\ufffd');
            }
        }
        return mended == null ? text : mended.toString();
    }
}
