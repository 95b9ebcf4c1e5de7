package io.apus.corpus.tokenize.bpe.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CategoriesTest {
    /** Every border of a category and many code points between them, asked of the library. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cc", "Cf", "Cn", "Co", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd",
                "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs", "L", "M", "N", "P", "S", "Z"
            })
    void areTheLibrarys(String name) throws NotSupported {
        same(Categories.named(name), "\\\\p{" + name + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\\\s", "[\\\\t\\\\n\\\\x0b\\\\f\\\\r\\\\x20]|[^\\\\S\\\\x00-\\\\x7f]"})
    void whiteSpaceIsTheLibrarys(String regex) {
        same(Categories.whiteSpace(), regex);
    }

    private static void same(BitSet set, String regex) {
        BitSet asked = new BitSet();
        for (int at = set.nextSetBit(0); at >= 0; at = set.nextSetBit(set.nextClearBit(at))) {
            int end = set.nextClearBit(at);
            asked.set(Math.max(0, at - 1), at + 1);
            asked.set(end - 1, Math.min(end + 1, Categories.CODE_POINTS));
        }
        new Random(5).ints(20_000, 0, Categories.CODE_POINTS).forEach(asked::set);
        asked.clear(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
        StringBuilder text = new StringBuilder();
        asked.stream().forEach(text::appendCodePoint);
        BitSet unmatched = new BitSet();
        try (LibraryPieces library = new LibraryPieces(
                "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s\"}, \"behavior\": \"Removed\", \"invert\": false}"
                        .formatted(regex))) {
            for (List<Integer> piece : library.of(text.toString())) {
                text.substring(piece.get(0), piece.get(1)).codePoints().forEach(unmatched::set);
            }
        }
        asked.andNot(unmatched);
        BitSet expected = new BitSet();
        text.codePoints().filter(set::get).forEach(expected::set);
        assertThat(asked).isEqualTo(expected);
    }
}
