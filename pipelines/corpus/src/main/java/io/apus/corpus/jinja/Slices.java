package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python slices with their defaults, negative positions and steps. */
final class Slices {
    private Slices() {}

    static Object of(Object owner, Object start, Object stop, Object step) {
        int by = step == null ? 1 : Values.index(step);
        if (by == 0) {
            throw TemplateFailure.of("a slice cannot have the step 0");
        }
        if (owner instanceof CharSequence text && by == 1) {
            int length = CodePoints.length(text);
            int from = bound(start, length, 0, 0, length);
            int to = Math.max(from, bound(stop, length, length, 0, length));
            return Text.part(text, CodePoints.offset(text, from), CodePoints.offset(text, to));
        }
        if (owner instanceof Undefined || !(owner instanceof List || owner instanceof CharSequence)) {
            throw TemplateFailure.of("a " + Values.typeName(owner) + " cannot be sliced");
        }
        List<Object> picked = pick(Values.items(owner), start, stop, by);
        if (owner instanceof CharSequence) {
            TextBuilder text = new TextBuilder();
            picked.forEach(character -> text.append((CharSequence) character));
            return text.build();
        }
        return owner instanceof Tuple ? new Tuple(picked) : picked;
    }

    private static List<Object> pick(List<?> items, Object start, Object stop, int by) {
        int size = items.size();
        List<Object> picked = new ArrayList<>();
        if (by > 0) {
            int to = bound(stop, size, size, 0, size);
            for (long i = bound(start, size, 0, 0, size); i < to; i += by) {
                picked.add(items.get((int) i));
            }
        } else {
            int to = bound(stop, size, -1, -1, size - 1);
            for (long i = bound(start, size, size - 1, -1, size - 1); i > to; i += by) {
                picked.add(items.get((int) i));
            }
        }
        return picked;
    }

    private static int bound(Object given, int size, int otherwise, int least, int most) {
        if (given == null) {
            return otherwise;
        }
        int index = Values.index(given);
        return Math.max(least, Math.min(most, index < 0 ? index + size : index));
    }
}
