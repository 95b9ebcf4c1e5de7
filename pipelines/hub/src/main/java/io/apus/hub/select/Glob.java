package io.apus.hub.select;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A shell pattern over paths of a repository, matched in time proportional to pattern times path, as patterns come from repositories
 * too.
 *
 * <p>{@link #anywhere} reads it as Python's fnmatch does ({@code *} crosses {@code /}): huggingface_hub's {@code utils/_paths.py}.
 * {@link #path} reads it as fsspec's glob does ({@code *} stays within a part, {@code **} crosses): datasets' {@code data_files.py}.
 */
public final class Glob {
    private static final int LONGEST = 1024;

    private enum Repeat {
        ONCE,
        /** Any number of them. */
        MANY,
        /** Nothing, or anything that ends in a slash. */
        FOLDERS
    }

    private record Step(Repeat repeat, IntPredicate fits) {}

    private final List<Step> steps = new ArrayList<>();
    private final boolean crossing;

    private Glob(String pattern, boolean crossing) {
        this.crossing = crossing;
        if (pattern.length() > LONGEST) {
            throw new UserError("Cannot use a file pattern", "it has more than " + LONGEST + " characters", "");
        }
        int at = 0;
        while (at < pattern.length()) {
            at = read(pattern, at);
        }
    }

    /** {@code *} matches anything, across folders; a pattern that ends in {@code /} means all below that folder. */
    public static Glob anywhere(String pattern) {
        return new Glob(pattern.endsWith("/") ? pattern + "*" : pattern, true);
    }

    /** {@code *} matches within one part of the path, {@code **} across parts. */
    public static Glob path(String pattern) {
        return new Glob(pattern.startsWith("./") ? pattern.substring(2) : pattern, false);
    }

    private int read(String pattern, int at) {
        char c = pattern.charAt(at);
        if (c == '*') {
            return star(pattern, at);
        }
        if (c == '?') {
            steps.add(new Step(Repeat.ONCE, this::inPart));
            return at + 1;
        }
        int close = c == '[' ? pattern.indexOf(']', at + (pattern.startsWith("[!", at) ? 3 : 2)) : -1;
        if (close > 0) {
            steps.add(new Step(Repeat.ONCE, set(pattern.substring(at + 1, close))));
            return close + 1;
        }
        steps.add(new Step(Repeat.ONCE, found -> found == c));
        return at + 1;
    }

    private int star(String pattern, int at) {
        int end = at;
        while (end < pattern.length() && pattern.charAt(end) == '*') {
            end++;
        }
        boolean wholePart = at == 0 || pattern.charAt(at - 1) == '/';
        if (!crossing && end - at > 1 && wholePart && pattern.startsWith("/", end)) {
            steps.add(new Step(Repeat.FOLDERS, found -> true));
            return end + 1;
        }
        boolean deep = crossing || end - at > 1;
        steps.add(new Step(Repeat.MANY, deep ? found -> true : this::inPart));
        return end;
    }

    private boolean inPart(int c) {
        return crossing || c != '/';
    }

    private static IntPredicate set(String body) {
        boolean negated = body.startsWith("!");
        String members = negated ? body.substring(1) : body;
        IntPredicate any = c -> false;
        for (int i = 0; i < members.length(); i++) {
            char from = members.charAt(i);
            boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
            char to = range ? members.charAt(i + 2) : from;
            any = any.or(c -> c >= from && c <= to);
            i += range ? 2 : 0;
        }
        return negated ? any.negate() : any;
    }

    /** Whether the whole of {@code path} fits. */
    public boolean matches(String path) {
        BitSet at = new BitSet(steps.size() + 1);
        arrive(at, 0);
        for (int i = 0; i < path.length() && !at.isEmpty(); i++) {
            at = after(at, path.charAt(i));
        }
        return at.get(steps.size());
    }

    private BitSet after(BitSet at, char c) {
        BitSet next = new BitSet(steps.size() + 1);
        for (int i = at.nextSetBit(0); i >= 0 && i < steps.size(); i = at.nextSetBit(i + 1)) {
            Step step = steps.get(i);
            if (!step.fits().test(c)) {
                continue;
            }
            switch (step.repeat()) {
                case ONCE -> arrive(next, i + 1);
                case MANY -> arrive(next, i);
                case FOLDERS -> {
                    next.set(i);
                    if (c == '/') {
                        arrive(next, i + 1);
                    }
                }
            }
        }
        return next;
    }

    private void arrive(BitSet at, int step) {
        int i = step;
        at.set(i);
        while (i < steps.size() && steps.get(i).repeat() != Repeat.ONCE) {
            i++;
            at.set(i);
        }
    }
}
