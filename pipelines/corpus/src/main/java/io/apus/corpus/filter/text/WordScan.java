package io.apus.corpus.filter.text;

/**
 * Goes over the words of a text: runs of letters, digits and combining marks, in lower case. In scripts that do not put spaces between
 * words (Chinese characters, Kana, Thai, Lao, Khmer, Burmese) each character is a word. Punctuation and white space only separate.
 */
public final class WordScan {
    private static final long PRIME = 0x100000001b3L;

    private final String text;
    private int position;
    private int start;
    private long hash;

    public WordScan(String text) {
        this.text = text;
    }

    /** How many words {@code text} has. */
    public static int count(String text) {
        WordScan scan = new WordScan(text);
        int words = 0;
        while (scan.next()) {
            words++;
        }
        return words;
    }

    /** Moves to the next word; false at the end. */
    public boolean next() {
        int length = text.length();
        while (position < length && !isWord(text.codePointAt(position))) {
            position += Character.charCount(text.codePointAt(position));
        }
        if (position == length) {
            return false;
        }
        start = position;
        hash = 0xcbf29ce484222325L;
        int point = text.codePointAt(position);
        boolean single = standsAlone(point);
        do {
            hash = (hash ^ lower(point)) * PRIME;
            position += Character.charCount(point);
            point = position < length ? text.codePointAt(position) : ' ';
        } while (!single && isWord(point) && !standsAlone(point));
        hash = mix(hash);
        return true;
    }

    /** 64 well-mixed bits of the word in lower case; equal words have equal hashes. */
    public long hash() {
        return hash;
    }

    /** Index of the word's first char. */
    public int start() {
        return start;
    }

    /** Index behind the word's last char. */
    public int end() {
        return position;
    }

    /** The finaliser of MurmurHash3: a bijection after which every bit depends on all. */
    public static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** The hash of {@code width} words from {@code from} on, given their hashes; {@code salt} keeps apart what must not match. */
    public static long ngram(long[] words, int from, int width, long salt) {
        long hash = salt + width;
        for (int i = from; i < from + width; i++) {
            hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        return mix(hash);
    }

    private static int lower(int point) {
        if (point < 128) {
            return point >= 'A' && point <= 'Z' ? point + 32 : point;
        }
        return Character.toLowerCase(point);
    }

    private static boolean isWord(int point) {
        if (point < 128) {
            return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9');
        }
        if (Character.isLetterOrDigit(point)) {
            return true;
        }
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean standsAlone(int point) {
        return point >= 0x0E00
                && (Character.isIdeographic(point)
                        || (point <= 0x0EFF)
                        || (point >= 0x1000 && point <= 0x109F)
                        || (point >= 0x1780 && point <= 0x17FF)
                        || (point >= 0x3040 && point <= 0x30FF));
    }
}
