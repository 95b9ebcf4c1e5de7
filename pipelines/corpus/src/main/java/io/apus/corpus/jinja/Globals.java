package io.apus.corpus.jinja;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The functions that every chat template can call (Jinja2's globals and those that transformers adds). */
final class Globals {
    private Globals() {}

    static Map<String, Object> all(Supplier<ZonedDateTime> clock) {
        Map<String, Object> all = new HashMap<>();
        all.put("range", (Callable) Globals::range);
        all.put("namespace", (Callable) (context, arguments) -> namespace(arguments));
        all.put("dict", (Callable) (context, arguments) -> dict(arguments));
        all.put("cycler", (Callable) (context, arguments) -> new Cycler(arguments.positional()));
        all.put("joiner", (Callable) (context, arguments) -> joiner(Values.text(arguments.get(0, "sep", ", "))));
        all.put("raise_exception", (Callable) (context, arguments) -> {
            throw TemplateFailure.raised(arguments.text(0, "message").toString());
        });
        all.put("strftime_now", (Callable) (context, arguments) ->
                Dates.format(clock.get(), arguments.text(0, "format").toString()));
        return all;
    }

    private static Object range(Context context, Arguments arguments) {
        boolean isSingle = arguments.positional().size() == 1;
        long start = isSingle ? 0 : Values.index(arguments.required(0, "start"));
        long stop = Values.index(arguments.required(isSingle ? 0 : 1, "stop"));
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw TemplateFailure.of("range cannot have the step 0");
        }
        long size = Math.max(0, (stop - start + step - Long.signum(step)) / step);
        if (size > Budget.MAX_RANGE) {
            throw TemplateFailure.of("range has " + size + " numbers (the limit is " + Budget.MAX_RANGE + ")");
        }
        context.budget().list(size);
        List<Object> numbers = new ArrayList<>((int) size);
        for (long i = 0; i < size; i++) {
            numbers.add(start + i * step);
        }
        return numbers;
    }

    private static Namespace namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        dict(arguments).forEach((name, value) -> namespace.set(String.valueOf(name), value));
        return namespace;
    }

    private static Map<Object, Object> dict(Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        Object base = arguments.get(0, "", null);
        if (base instanceof Map<?, ?> given) {
            map.putAll(given);
        } else if (base != null) {
            for (Object pair : Values.items(base)) {
                List<?> both = Values.items(pair);
                map.put(Values.key(both.get(0)), both.get(1));
            }
        }
        map.putAll(arguments.named());
        return map;
    }

    /** Gives nothing the first time it is called and the separator from then on. */
    private static Callable joiner(CharSequence separator) {
        boolean[] used = {false};
        return (context, arguments) -> {
            CharSequence text = used[0] ? separator : "";
            used[0] = true;
            return text;
        };
    }
}
