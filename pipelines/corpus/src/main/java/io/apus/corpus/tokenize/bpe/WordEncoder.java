package io.apus.corpus.tokenize.bpe;

import io.apus.corpus.tokenize.bpe.split.Splitter;

/** Turns words into tokens. For one thread at a time. */
final class WordEncoder implements Splitter.Words {
    private final BpeModel model;
    private final Merger merger;
    private final WordCache cache = new WordCache();
    private final CharPlaces places = new CharPlaces();
    private Output output;
    private int shift;

    WordEncoder(BpeModel model) {
        this.model = model;
        this.merger = new Merger(model.merges());
    }

    /**
     * Says where tokens go from now on.
     *
     * @param to takes them
     * @param by what is added to each place
     */
    void aim(Output to, int by) {
        output = to;
        shift = by;
    }

    @Override
    public void word(char[] text, int start, int end) {
        if (end - start > WordCache.LONGEST) {
            encode(text, start, end);
            int count = merger.count();
            output.reserve(count);
            int byteStart = 0;
            for (int i = 0; i < count; i++) {
                int byteEnd = merger.end(i);
                output.add(merger.id(i), shift + start + places.start(byteStart), shift + start + places.end(byteEnd));
                byteStart = byteEnd;
            }
            return;
        }
        int hash = WordCache.hash(text, start, end);
        int entry = cache.find(text, start, end, hash);
        if (entry == 0) {
            encode(text, start, end);
            entry = cache.put(text, start, end, hash, merger, places);
        }
        cache.copy(entry, shift + start, output);
    }

    private void encode(char[] text, int start, int end) {
        places.read(text, start, end);
        int length = places.length();
        byte[] bytes = places.bytes();
        merger.clear(length);
        int whole = model.wholeWord(bytes, length);
        if (whole >= 0) {
            merger.replace(whole, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            merger.add(model.byteToken(bytes[i]));
        }
        merger.merge();
    }
}
