package io.apus.corpus.tokenize.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.nio.CharBuffer;
import java.text.Normalizer;

/**
 * The normal form of a tokenizer's texts. The JDK's Unicode is at least as new as the tokenizers library's here, so a text that the JDK
 * calls normalised is left as it is by the library too; the other way round it may not be, and nothing is lost by asking the library.
 */
enum NormalForm {
    /** Texts are taken as they are. */
    ANY,
    /** Unicode's NFC. */
    NFC;

    static NormalForm read(JsonNode normalizer) throws NotSupported {
        String type = normalizer.path("type").asText();
        JsonNode steps = normalizer.path("normalizers");
        if (normalizer.isNull() || normalizer.isMissingNode() || (type.equals("Sequence") && steps.isEmpty())) {
            return ANY;
        }
        if (type.equals("Sequence") && steps.size() == 1) {
            return read(steps.get(0));
        }
        if (!type.equals("NFC")) {
            throw new NotSupported("it has the normalizer " + type);
        }
        return NFC;
    }

    /** Whether the first characters of a text are in this form. */
    boolean has(char[] text, int length) {
        if (this == ANY) {
            return true;
        }
        for (int i = 0; i < length; i++) {
            if (!isInert(text[i])) {
                return Normalizer.isNormalized(CharBuffer.wrap(text, 0, length), Normalizer.Form.NFC);
            }
        }
        return true;
    }

    /** Whether a character is in NFC whatever stands beside it, as far as that is quickly told. */
    private static boolean isInert(char c) {
        return c < 0x300
                || (c >= 0x400 && c < 0x483)
                || (c >= 0x2010 && c < 0x2027)
                || (c >= 0x3001 && c < 0x302a)
                || (c >= 0x30a1 && c < 0x30fb)
                || (c >= 0x4e00 && c < 0xa000)
                || (c >= 0xac00 && c < 0xd7a4)
                || (c >= 0xff01 && c < 0xff5f);
    }
}
