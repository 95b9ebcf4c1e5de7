package io.apus.corpus.tokenize.bpe;

import java.util.Arrays;

/**
 * The tokens of words met before. It holds at most some megabytes: when full it forgets all and fills again. For one thread at a time.
 *
 * <p>An entry is a run of numbers: the word's hash, its length in characters with its number of tokens, the tokens' ids, their places in
 * the word (first character and the one behind the last, 16 bits each), the word's characters two by two.
 */
final class WordCache {
    /** Longer words are too rare to be worth their room, in characters. */
    static final int LONGEST = 48;

    private static final int SLOTS = 1 << 17;
    private static final int NUMBERS = 1 << 20;
    private static final int LARGEST_ENTRY = 2 + 2 * 4 * LONGEST + LONGEST;

    private final int[] slots = new int[SLOTS];
    private final int[] entries = new int[NUMBERS];
    private int end = 1;
    private int used;

    static int hash(char[] text, int start, int stop) {
        int hash = stop - start;
        for (int i = start; i < stop; i++) {
            hash = hash * 31 + text[i];
        }
        return hash * 0x9e3779b9;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 15) & SLOTS - 1;
    }

    /** Where the entry of the word [start, stop) begins; 0 where it has none. */
    int find(char[] text, int start, int stop, int hash) {
        for (int slot = slot(hash); slots[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            int entry = slots[slot];
            if (entries[entry] == hash && isSame(entry, text, start, stop)) {
                return entry;
            }
        }
        return 0;
    }

    private boolean isSame(int entry, char[] text, int start, int stop) {
        int length = stop - start;
        if ((entries[entry + 1] & 0xffff) != length) {
            return false;
        }
        int at = entry + 2 + 2 * count(entry);
        int i = start;
        for (; i + 1 < stop; i += 2) {
            if (entries[at++] != (text[i] << 16 | text[i + 1])) {
                return false;
            }
        }
        return i == stop || entries[at] == text[i];
    }

    /** How many tokens an entry's word has. */
    int count(int entry) {
        return entries[entry + 1] >>> 16;
    }

    /** Hands an entry's tokens on; the word begins at {@code start} of the text. */
    void copy(int entry, int start, Output output) {
        int count = count(entry);
        output.reserve(count);
        int at = entry + 2;
        if (!output.withPlaces()) {
            for (int i = 0; i < count; i++) {
                output.add(entries[at + i]);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int place = entries[at + count + i];
            output.add(entries[at + i], start + (place >>> 16), start + (place & 0xffff));
        }
    }

    /** Keeps a word of at most {@link #LONGEST} characters with its tokens; {@code places} are counted from the word's first character. */
    int put(char[] text, int start, int stop, int hash, Merger tokens, CharPlaces places) {
        if (end + LARGEST_ENTRY > NUMBERS || used > SLOTS / 2) {
            Arrays.fill(slots, 0);
            end = 1;
            used = 0;
        }
        int entry = end;
        int count = tokens.count();
        entries[entry] = hash;
        entries[entry + 1] = count << 16 | stop - start;
        int at = entry + 2;
        for (int i = 0; i < count; i++) {
            entries[at + i] = tokens.id(i);
            entries[at + count + i] = places.start(i == 0 ? 0 : tokens.end(i - 1)) << 16 | places.end(tokens.end(i));
        }
        at += 2 * count;
        int i = start;
        for (; i + 1 < stop; i += 2) {
            entries[at++] = text[i] << 16 | text[i + 1];
        }
        if (i < stop) {
            entries[at++] = text[i];
        }
        end = at;
        int slot = slot(hash);
        while (slots[slot] != 0) {
            slot = slot + 1 & SLOTS - 1;
        }
        slots[slot] = entry;
        used++;
        return entry;
    }
}
