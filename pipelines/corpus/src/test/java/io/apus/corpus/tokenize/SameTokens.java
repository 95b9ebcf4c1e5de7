package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.io.IOException;

/** One tokenizer.json read by both engines. */
record SameTokens(JavaTokenizer java, HuggingFaceTokenizer library) {
    static SameTokens of(String json) throws IOException {
        HuggingFaceTokenizer library = HuggingFaceTokenizer.of(json, "0", "a test's tokenizer.json");
        try {
            return new SameTokens(JavaTokenizer.of(json, library), library);
        } catch (NotSupported e) {
            throw new AssertionError(e);
        }
    }

    /** Ids alone. */
    void ids(String text) {
        assertThat(java.ids(text)).as(text).isEqualTo(library.ids(text));
    }

    /** Ids, places, and the text of the ids. */
    void everything(String text) {
        Encoded expected = library.encode(text);
        Encoded found = java.encode(text);
        assertThat(java.ids(text)).as(text).isEqualTo(expected.ids());
        assertThat(found.ids()).as(text).isEqualTo(expected.ids());
        assertThat(found.starts()).as("starts of " + text).isEqualTo(expected.starts());
        assertThat(found.ends()).as("ends of " + text).isEqualTo(expected.ends());
        assertThat(java.decode(found.ids(), false)).isEqualTo(library.decode(found.ids(), false));
        assertThat(java.decode(found.ids(), true)).isEqualTo(library.decode(found.ids(), true));
    }
}
