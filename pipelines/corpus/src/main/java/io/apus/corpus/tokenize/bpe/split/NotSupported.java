package io.apus.corpus.tokenize.bpe.split;

/** A tokenizer.json asks for something that byte-level BPE in Java does not do; the message says what. */
public final class NotSupported extends Exception {
    private static final long serialVersionUID = 1L;

    public NotSupported(String reason) {
        super(reason, null, false, false);
    }
}
