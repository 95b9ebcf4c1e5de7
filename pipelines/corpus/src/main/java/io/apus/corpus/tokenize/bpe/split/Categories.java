package io.apus.corpus.tokenize.bpe.split;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The general categories of Unicode 16, which the regular expressions of Hugging Face's tokenizers know; the JDK's own depend on its
 * release (Java 17 knows Unicode 13, which lacks 11,139 of these code points). {@code categories.txt} lists all code points from 0 on as
 * runs: a category's two letters and, above 1, how many code points have it. It was read off the tokenizers library by asking it which
 * code points each {@code \p{..}} matches; a test asks it again.
 */
final class Categories {
    static final int CODE_POINTS = Character.MAX_CODE_POINT + 1;

    private static final List<String> NAMES = List.of(
            "Cc", "Cf", "Cn", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd",
            "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs");
    private static final byte[] OF = read();

    private Categories() {}

    private static byte[] read() {
        byte[] of = new byte[CODE_POINTS];
        int at = 0;
        for (String run : text().strip().split("\\s+", -1)) {
            int length = run.length() == 2 ? 1 : Integer.parseInt(run.substring(2));
            Arrays.fill(of, at, at + length, (byte) NAMES.indexOf(run.substring(0, 2)));
            at += length;
        }
        if (at != CODE_POINTS) {
            throw new IllegalStateException("categories.txt ends at " + at);
        }
        return of;
    }

    private static String text() {
        try (InputStream in = Categories.class.getResourceAsStream("categories.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The code points of a category such as {@code Lu} or of a group of them such as {@code L}.
     *
     * @throws NotSupported when Unicode has no category of that name
     */
    static BitSet named(String name) throws NotSupported {
        if (name.isEmpty() || NAMES.stream().noneMatch(known -> known.startsWith(name))) {
            throw new NotSupported("its pattern has the class \\p{" + name + "}");
        }
        BitSet set = new BitSet(CODE_POINTS);
        for (int from = 0; from < CODE_POINTS; ) {
            int to = from + 1;
            while (to < CODE_POINTS && OF[to] == OF[from]) {
                to++;
            }
            if (NAMES.get(OF[from]).startsWith(name)) {
                set.set(from, to);
            }
            from = to;
        }
        return set;
    }

    /** {@code \s}: what Unicode calls white space. */
    static BitSet whiteSpace() {
        BitSet set = new BitSet();
        set.set('\t', '\r' + 1);
        for (char c : " \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000".toCharArray()) {
            set.set(c);
        }
        set.set('\u2000', '\u200b');
        return set;
    }
}
