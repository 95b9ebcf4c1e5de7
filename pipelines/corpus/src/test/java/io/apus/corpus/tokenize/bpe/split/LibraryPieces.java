package io.apus.corpus.tokenize.bpe.split;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.List;

/** The pieces that the tokenizers library's own pre-tokenizers cut: each is one unknown word to its model. */
final class LibraryPieces implements AutoCloseable {
    static {
        LibUtils.checkStatus();
    }

    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

    private final long handle;

    /** {@code preTokenizer} is that part of a tokenizer.json. */
    LibraryPieces(String preTokenizer) {
        handle = LIBRARY.createTokenizerFromString(
                """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": %s, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"}}"""
                        .formatted(preTokenizer));
    }

    /** First character and the one behind the last of each piece. */
    List<List<Integer>> of(String text) {
        long encoding = LIBRARY.encode(handle, text, false);
        List<List<Integer>> pieces = new ArrayList<>();
        for (CharSpan span : LIBRARY.getTokenCharSpans(encoding)) {
            pieces.add(List.of(text.offsetByCodePoints(0, span.getStart()), text.offsetByCodePoints(0, span.getEnd())));
        }
        LIBRARY.deleteEncoding(encoding);
        return pieces;
    }

    @Override
    public void close() {
        LIBRARY.deleteTokenizer(handle);
    }
}
