package io.apus.corpus.tokenize.bpe.split;

import java.util.BitSet;

/** Reads what stands for one character in a pattern: a literal, an escape, a bracketed class. */
final class SetParser {
    private static final String TAKEN_AS_IS = "\\[]{}()|.^$?*+-/!\"#%&',:;<=>@_`~ ";

    private final Cursor cursor;
    private final boolean ignoresCase;

    SetParser(Cursor cursor, boolean ignoresCase) {
        this.cursor = cursor;
        this.ignoresCase = ignoresCase;
    }

    /** The set that the cursor is at; it ends behind it. */
    BitSet read() throws NotSupported {
        if (cursor.takes("[")) {
            return bracket();
        }
        if (cursor.takes("\\")) {
            return escape();
        }
        return literal(cursor.next());
    }

    private BitSet bracket() throws NotSupported {
        cursor.beginGroup();
        boolean isNegated = cursor.takes("^");
        BitSet set = new BitSet(Categories.CODE_POINTS);
        if (cursor.sees("]") || cursor.sees(":")) {
            throw cursor.refusal("an unusual class");
        }
        while (!cursor.takes("]")) {
            if (cursor.sees("&&")) {
                throw cursor.refusal("an intersection");
            }
            set.or(member());
        }
        if (isNegated) {
            set.flip(0, Categories.CODE_POINTS);
        }
        return set;
    }

    private BitSet member() throws NotSupported {
        BitSet set = read();
        if (!cursor.sees("-") || cursor.sees("-]")) {
            return set;
        }
        cursor.takes("-");
        BitSet last = read();
        if (set.cardinality() != 1 || last.cardinality() != 1 || ignoresCase) {
            throw cursor.refusal("an unusual range");
        }
        BitSet range = new BitSet();
        range.set(set.nextSetBit(0), last.nextSetBit(0) + 1);
        return range;
    }

    private BitSet escape() throws NotSupported {
        int c = cursor.next();
        return switch (c) {
            case 's' -> Categories.whiteSpace();
            case 'S' -> not(Categories.whiteSpace());
            case 'd' -> Categories.named("Nd");
            case 'D' -> not(Categories.named("Nd"));
            case 'p' -> category(false);
            case 'P' -> category(true);
            case 'r' -> literal('\r');
            case 'n' -> literal('\n');
            case 't' -> literal('\t');
            default -> {
                if (TAKEN_AS_IS.indexOf(c) < 0) {
                    throw cursor.refusal("the escape \\" + Character.toString(c));
                }
                yield literal(c);
            }
        };
    }

    private BitSet category(boolean isNegated) throws NotSupported {
        if (!cursor.takes("{")) {
            throw cursor.refusal("a class without braces");
        }
        boolean isTwiceNegated = cursor.takes("^");
        BitSet set = Categories.named(cursor.until('}'));
        return isNegated == isTwiceNegated ? set : not(set);
    }

    private static BitSet not(BitSet set) {
        set.flip(0, Categories.CODE_POINTS);
        return set;
    }

    /** Without regard to case, ASCII letters match each other, the long s and the Kelvin sign. */
    private BitSet literal(int c) throws NotSupported {
        BitSet set = new BitSet();
        set.set(c);
        if (ignoresCase) {
            if (c >= 0x80) {
                throw cursor.refusal("a letter beyond ASCII without regard to case");
            }
            set.set(Character.toLowerCase(c));
            set.set(Character.toUpperCase(c));
            set.set(0x17f, set.get('s') ? 0x180 : 0x17f);
            set.set(0x212a, set.get('k') ? 0x212b : 0x212a);
        }
        return set;
    }
}
