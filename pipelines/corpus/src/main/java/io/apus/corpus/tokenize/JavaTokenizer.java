package io.apus.corpus.tokenize;

import io.apus.corpus.tokenize.bpe.ByteLevelBpe;
import io.apus.corpus.tokenize.bpe.Tokens;
import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Byte-level BPE in Java, several times as fast as the tokenizers library and with the same ids. The library stays at hand for texts that
 * are not in the tokenizer's normal form. Places never leave out the space at the head of a word, whatever {@code trim_offsets} says.
 */
final class JavaTokenizer implements Tokenizer {
    /** Some of everything that tokenizers treat in ways of their own, compared once when a tokenizer is loaded. */
    private static final String PROBE =
            "Hello, World!  It's WE'LL 1234567 \u0661\u0662\u0663 x\u00b2\tdef f(x):\n    return -x  # caf\u00e9\r\n\r\n \u3000"
                    + "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u041f\u0440\u0438\u0432\u0435\u0442 \u0928\u092e\u0938\u094d\u0924\u0947"
                    + " \ud83d\ude00\ud83d\udc69\u200d\ud83d\udc67 'S '\u017f can't a/b//\nHTMLParser<x>...\u00a0\u2028 end   ";

    private final HuggingFaceTokenizer library;
    private final ByteLevelBpe bpe;

    private JavaTokenizer(HuggingFaceTokenizer library, ByteLevelBpe bpe) {
        this.library = library;
        this.bpe = bpe;
    }

    /**
     * The tokenizer of the text of a tokenizer.json that the library has read too.
     *
     * @throws NotSupported where it could give other ids than the library
     */
    static JavaTokenizer of(String json, HuggingFaceTokenizer library) throws NotSupported, IOException {
        JavaTokenizer tokenizer = new JavaTokenizer(library, ByteLevelBpe.of(json));
        tokenizer.compare(PROBE);
        for (String token : library.addedTokens()) {
            tokenizer.compare("a " + token + " b");
        }
        return tokenizer;
    }

    private void compare(String text) throws NotSupported {
        if (!Arrays.equals(ids(text), library.ids(text))) {
            throw new NotSupported("the library gives other ids for \"" + text + "\"");
        }
    }

    @Override
    public int[] ids(String text) {
        String clean = WellFormed.of(text);
        Tokens tokens = bpe.encodeOrNull(clean, false);
        return tokens == null ? library.ids(clean) : tokens.ids();
    }

    @Override
    public Encoded encode(String text) {
        String clean = WellFormed.of(text);
        Tokens tokens = bpe.encodeOrNull(clean, true);
        return tokens == null ? library.encode(clean) : new Encoded(tokens.ids(), tokens.starts(), tokens.ends());
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return bpe.decode(
                skipSpecialTokens
                        ? Arrays.stream(ids).filter(id -> !isSpecial(id)).toArray()
                        : ids);
    }

    @Override
    public int vocabSize() {
        return library.vocabSize();
    }

    @Override
    public OptionalInt addedToken(String text) {
        return library.addedToken(text);
    }

    @Override
    public boolean isSpecial(int id) {
        return library.isSpecial(id);
    }

    @Override
    public int[] prefixIds() {
        return library.prefixIds();
    }

    @Override
    public String sha256() {
        return library.sha256();
    }

    @Override
    public String engine() {
        return "Java";
    }
}
