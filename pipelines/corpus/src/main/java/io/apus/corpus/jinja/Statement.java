package io.apus.corpus.jinja;

import java.util.List;

/** A statement of a template: a closed set of syntax tree nodes, each of which knows how to run. */
sealed interface Statement permits ForStatement, Statement.Simple {
    Flow run(Context context);

    /** Runs statements in order until one breaks out of the loop around them. */
    static Flow runAll(List<Statement> body, Context context) {
        for (Statement statement : body) {
            Flow flow = statement.run(context);
            if (flow != Flow.NORMAL) {
                return flow;
            }
        }
        return Flow.NORMAL;
    }

    /** What a body prints, run in a scope of its own. */
    static CharSequence capture(List<Statement> body, Context context) {
        return context.capture(() -> context.within(context.scope(), () -> runAll(body, context)));
    }

    /** All statements but the loop. */
    sealed interface Simple extends Statement {}

    record Data(String text) implements Simple {
        @Override
        public Flow run(Context context) {
            context.emit(text);
            return Flow.NORMAL;
        }
    }

    record Print(Expression expression, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            context.emit(Values.text(expression.value(context)));
            return Flow.NORMAL;
        }
    }

    /** One {@code if}; an {@code elif} is an If inside {@code otherwise}. */
    record If(Expression condition, List<Statement> body, List<Statement> otherwise, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            return runAll(Values.isTrue(condition.value(context)) ? body : otherwise, context);
        }
    }

    record Assign(Target target, Expression expression, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            target.assign(expression.value(context), context);
            return Flow.NORMAL;
        }
    }

    /** {@code {% set name | filters %}body{% endset %}}; the filters take the body from {@link Body}. */
    record AssignBlock(Target target, List<Statement> body, Expression filtered, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            target.assign(Body.filter(body, filtered, context), context);
            return Flow.NORMAL;
        }
    }

    record FilterBlock(List<Statement> body, Expression filtered, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            context.emit(Values.text(Body.filter(body, filtered, context)));
            return Flow.NORMAL;
        }
    }

    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            List<Object> given =
                    values.stream().map(value -> value.value(context)).toList();
            return context.within(context.scope(), () -> {
                for (int i = 0; i < targets.size(); i++) {
                    targets.get(i).assign(given.get(i), context);
                }
                return runAll(body, context);
            });
        }
    }

    record MacroDefinition(String name, MacroBody body, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            context.scope().set(name, new Macro(name, body, context.scope()));
            return Flow.NORMAL;
        }
    }

    /** {@code {% call(parameters) macro(...) %}body{% endcall %}}: the body becomes the macro's {@code caller}. */
    record CallBlock(Expression.Call call, MacroBody caller, int line) implements Simple {
        @Override
        public Flow run(Context context) {
            context.at(line);
            Arguments given = call.arguments().values(context);
            java.util.Map<String, Object> named = new java.util.LinkedHashMap<>(given.named());
            named.put("caller", new Macro("caller", caller, context.scope()));
            if (!(call.callee().value(context) instanceof Callable callee)) {
                throw TemplateFailure.of("only a macro can be used in a call block");
            }
            context.emit(Values.text(callee.call(context, new Arguments(given.positional(), named))));
            return Flow.NORMAL;
        }
    }

    /** {@code {% generation %}}: what it prints is what the assistant generates (transformers' AssistantTracker). */
    record Generation(List<Statement> body) implements Simple {
        @Override
        public Flow run(Context context) {
            return context.generation(() -> runAll(body, context));
        }
    }

    record Jump(Flow flow) implements Simple {
        @Override
        public Flow run(Context context) {
            return flow;
        }
    }
}
