package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;

/** {@code {% for target in items if condition recursive %}body{% else %}otherwise{% endfor %}}; the condition may be null. */
record ForStatement(
        Target target,
        Expression items,
        Expression condition,
        boolean isRecursive,
        List<Statement> body,
        List<Statement> otherwise,
        int line)
        implements Statement {

    @Override
    public Flow run(Context context) {
        context.at(line);
        loop(items.value(context), 1, context);
        return Flow.NORMAL;
    }

    private void loop(Object iterated, int depth, Context context) {
        List<?> passes = filtered(Values.items(iterated), context);
        if (passes.isEmpty()) {
            context.within(context.scope(), () -> Statement.runAll(otherwise, context));
            return;
        }
        Callable deeper =
                isRecursive ? (inner, arguments) -> recurse(arguments.required(0, "items"), depth, inner) : null;
        LoopState state = new LoopState(passes, depth, deeper);
        for (Object item : passes) {
            state.advance();
            Flow flow = context.pass(item, () -> {
                context.at(line);
                target.assign(item, context);
                context.scope().set("loop", state);
                return Statement.runAll(body, context);
            });
            if (flow == Flow.BREAK) {
                break;
            }
        }
    }

    private Object recurse(Object iterated, int depth, Context context) {
        context.budget().enter();
        CharSequence printed = context.capture(() -> loop(iterated, depth + 1, context));
        context.budget().leave();
        return printed;
    }

    private List<?> filtered(List<?> all, Context context) {
        if (condition == null) {
            return new ArrayList<>(all);
        }
        List<Object> kept = new ArrayList<>();
        for (Object item : all) {
            context.budget().step();
            boolean keep = context.within(context.scope(), () -> {
                target.assign(item, context);
                return Values.isTrue(condition.value(context));
            });
            if (keep) {
                kept.add(item);
            }
        }
        return kept;
    }
}
