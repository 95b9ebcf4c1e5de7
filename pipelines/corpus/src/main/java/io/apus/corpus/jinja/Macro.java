package io.apus.corpus.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A macro with the scope in which it was defined. */
record Macro(String name, MacroBody body, Scope definedIn) implements Callable, Attributes {
    @Override
    public Object call(Context context, Arguments arguments) {
        context.budget().enter();
        try {
            return context.capture(() -> context.within(definedIn, () -> {
                bind(context, arguments);
                return Statement.runAll(body.statements(), context);
            }));
        } finally {
            context.budget().leave();
        }
    }

    private void bind(Context context, Arguments arguments) {
        Scope scope = context.scope();
        Map<String, Object> left = new LinkedHashMap<>(arguments.named());
        List<String> parameters = body.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            if (i < arguments.positional().size()) {
                scope.set(parameter, arguments.positional().get(i));
            } else if (left.containsKey(parameter)) {
                scope.set(parameter, left.remove(parameter));
            } else {
                Expression otherwise = body.defaultOf(i);
                scope.set(parameter, otherwise == null ? Undefined.variable(parameter) : otherwise.value(context));
            }
        }
        Object caller = left.remove("caller");
        if (!parameters.contains("caller")) {
            scope.set("caller", caller == null ? Undefined.variable("caller") : caller);
        }
        scope.set("varargs", new Tuple(arguments.after(parameters.size()).positional()));
        scope.set("kwargs", left);
    }

    @Override
    public Object attribute(String attribute) {
        return switch (attribute) {
            case "name" -> name;
            case "arguments" -> new Tuple(body.parameters());
            default -> Undefined.attribute(this, attribute);
        };
    }

    @Override
    public String toString() {
        return "<Macro '" + name + "'>";
    }
}
