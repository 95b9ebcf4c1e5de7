package io.apus.corpus.jinja;

import java.util.List;

/** The {@code loop} variable. */
final class LoopState implements Attributes, Callable {
    private final List<?> items;
    private final int depth;
    private final Callable deeper;
    private int index0 = -1;
    private Object lastChecked;
    private boolean hasChecked;

    /** {@code deeper} runs the loop again on inner items; null for a loop that is not recursive. */
    LoopState(List<?> items, int depth, Callable deeper) {
        this.items = items;
        this.depth = depth;
        this.deeper = deeper;
    }

    void advance() {
        index0++;
    }

    @Override
    public Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> (long) index0 + 1;
            case "index0" -> (long) index0;
            case "revindex" -> (long) size - index0;
            case "revindex0" -> (long) size - index0 - 1;
            case "first" -> index0 == 0;
            case "last" -> index0 == size - 1;
            case "length" -> (long) size;
            case "depth" -> (long) depth;
            case "depth0" -> (long) depth - 1;
            case "previtem" -> index0 > 0 ? items.get(index0 - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index0 + 1 < size ? items.get(index0 + 1) : new Undefined("there is no next item");
            case "cycle" ->
                (Callable) (context, arguments) -> arguments
                        .positional()
                        .get(index0 % arguments.positional().size());
            case "changed" -> (Callable) (context, arguments) -> changed(arguments.positional());
            default -> Undefined.attribute(this, name);
        };
    }

    private boolean changed(Object value) {
        boolean changed = !hasChecked || !Values.equal(lastChecked, value);
        hasChecked = true;
        lastChecked = value;
        return changed;
    }

    @Override
    public Object call(Context context, Arguments arguments) {
        if (deeper == null) {
            throw TemplateFailure.of("only a loop marked 'recursive' can be called");
        }
        return deeper.call(context, arguments);
    }
}
