package io.apus.corpus.jinja;

import java.util.List;

/** Jinja2's {@code cycler}: hands out its items one after the other, again and again. */
final class Cycler implements Attributes {
    private final List<Object> items;
    private int position;

    Cycler(List<Object> items) {
        if (items.isEmpty()) {
            throw TemplateFailure.of("cycler needs at least one item");
        }
        this.items = items;
    }

    @Override
    public Object attribute(String name) {
        return switch (name) {
            case "current" -> items.get(position);
            case "next" ->
                (Callable) (context, arguments) -> {
                    Object item = items.get(position);
                    position = (position + 1) % items.size();
                    return item;
                };
            case "reset" ->
                (Callable) (context, arguments) -> {
                    position = 0;
                    return null;
                };
            default -> Undefined.attribute(this, name);
        };
    }
}
