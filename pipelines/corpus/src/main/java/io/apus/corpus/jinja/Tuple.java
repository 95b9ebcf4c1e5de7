package io.apus.corpus.jinja;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/** A Python tuple: a fixed list that prints with parentheses and never equals a list. */
final class Tuple extends AbstractList<Object> {
    private final Object[] items;

    Tuple(List<?> items) {
        this.items = items.toArray();
    }

    private Tuple(Object... items) {
        this.items = items;
    }

    static Tuple of(Object first, Object second) {
        return new Tuple(first, second);
    }

    @Override
    public Object get(int index) {
        return items[index];
    }

    @Override
    public int size() {
        return items.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple tuple && Arrays.equals(items, tuple.items);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(items);
    }
}
