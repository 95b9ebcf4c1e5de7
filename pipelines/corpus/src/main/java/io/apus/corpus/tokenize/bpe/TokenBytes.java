package io.apus.corpus.tokenize.bpe;

import java.util.Arrays;
import java.util.Map;

/** The bytes that each token stands for, in one array; and which token stands for given bytes. */
final class TokenBytes {
    private final byte[] bytes;
    /** Token id has the bytes [offsets[id], offsets[id + 1]). */
    private final int[] offsets;
    /** Ids + 1 by the hash of their bytes, 0 where free. */
    private final int[] table;

    /**
     * Tokens as the file writes them; ids that no token has stand for nothing.
     *
     * @param vocabulary the model's own, which {@link #find} finds
     * @param added override those of the same id
     */
    TokenBytes(Map<String, Integer> vocabulary, Map<String, Integer> added) {
        int size = 1 + Math.max(last(vocabulary), last(added));
        byte[][] each = new byte[size][];
        vocabulary.forEach((token, id) -> each[id] = ByteLetters.bytes(token));
        added.forEach((token, id) -> each[id] = ByteLetters.bytes(token));
        offsets = new int[size + 1];
        for (int id = 0; id < size; id++) {
            offsets[id + 1] = Math.addExact(offsets[id], each[id] == null ? 0 : each[id].length);
        }
        bytes = new byte[offsets[size]];
        for (int id = 0; id < size; id++) {
            System.arraycopy(each[id] == null ? bytes : each[id], 0, bytes, offsets[id], length(id));
        }
        table = new int[Integer.highestOneBit(Math.max(8, size)) << 2];
        vocabulary.forEach((token, id) -> put(token, id));
    }

    private static int last(Map<String, Integer> tokens) {
        return tokens.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    private void put(String token, int id) {
        if (!ByteLetters.areAll(token)) {
            return;
        }
        int at = hash(bytes, offsets[id], offsets[id + 1]) & table.length - 1;
        while (table[at] != 0) {
            at = at + 1 & table.length - 1;
        }
        table[at] = id + 1;
    }

    private static int hash(byte[] of, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + of[i];
        }
        return hash * 0x9e3779b9 ^ hash >>> 15;
    }

    /** The token that stands for the first bytes of an array; -1 where none does. */
    int find(byte[] word, int length) {
        for (int at = hash(word, 0, length) & table.length - 1; table[at] != 0; at = at + 1 & table.length - 1) {
            int id = table[at] - 1;
            if (Arrays.equals(bytes, offsets[id], offsets[id + 1], word, 0, length)) {
                return id;
            }
        }
        return -1;
    }

    /** How many bytes a token stands for; 0 for an id that no token has. */
    int length(int id) {
        return id >= 0 && id + 1 < offsets.length ? offsets[id + 1] - offsets[id] : 0;
    }

    /** Copies a token's bytes to {@code to} from {@code at} on and gives the place behind them. */
    int copy(int id, byte[] to, int at) {
        int length = length(id);
        if (length > 0) {
            System.arraycopy(bytes, offsets[id], to, at, length);
        }
        return at + length;
    }
}
