package io.apus.corpus.tokenize.bpe;

/** One thread's work on texts: its buffers and the words it has met. */
final class Session implements AddedTokens.Pieces {
    private final Setup setup;
    private final WordEncoder words;
    private final Output ids = new Output(false);
    private final Output placed = new Output(true);
    private Output output = ids;
    private char[] text = {};
    private char[] prefixed = {};

    Session(Setup setup) {
        this.setup = setup;
        this.words = new WordEncoder(setup.model());
    }

    /** Null where the text is not in the tokenizer's normal form. */
    Tokens encodeOrNull(String source, boolean withPlaces) {
        int length = source.length();
        text = text.length < length ? new char[Math.max(1 << 12, length + length / 2)] : text;
        source.getChars(0, length, text, 0);
        if (!setup.form().has(text, length)) {
            return null;
        }
        output = withPlaces ? placed : ids;
        setup.added().split(text, 0, length, this);
        return output.take();
    }

    @Override
    public void piece(int id, int start, int end) {
        if (id >= 0) {
            added(id, start, end);
            return;
        }
        setup.addedNormalized().split(text, start, end, this::normalized);
    }

    private void normalized(int id, int start, int end) {
        if (id >= 0) {
            added(id, start, end);
        } else if (setup.splitter().addsPrefixSpace() && text[start] != ' ') {
            behindSpace(start, end);
        } else {
            words.aim(output, 0);
            setup.splitter().splitter().split(text, start, end, words);
        }
    }

    private void added(int id, int start, int end) {
        output.reserve(1);
        output.add(id, start, end);
    }

    /** The space that is put before the text has the place of the text's first character. */
    private void behindSpace(int start, int end) {
        int length = end - start + 1;
        prefixed = prefixed.length < length ? new char[Math.max(1 << 12, length + length / 2)] : prefixed;
        prefixed[0] = ' ';
        System.arraycopy(text, start, prefixed, 1, length - 1);
        int first = output.count();
        words.aim(output, start - 1);
        setup.splitter().splitter().split(prefixed, 0, length, words);
        output.moveInto(first, start, start + (Character.isHighSurrogate(text[start]) ? 2 : 1));
    }
}
