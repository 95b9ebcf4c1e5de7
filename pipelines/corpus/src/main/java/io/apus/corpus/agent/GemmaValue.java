package io.apus.corpus.agent;

import io.apus.corpus.jinja.PythonJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Gemma 4's notation of values: JSON with {@code <|"|>} for quotes, keys in order and, outside of schemas, bare. */
final class GemmaValue {
    static final String QUOTE = "<|\"|>";
    private static final Pattern BARE_KEY = Pattern.compile("(?<=^|[{,])([A-Za-z_][\\w-]*)(?=:)");

    private GemmaValue() {}

    static String quoted(Object text) {
        return QUOTE + text + QUOTE;
    }

    static String of(Object value, boolean quotesKeys) {
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Map<?, ?> map) {
            return "{" + fields(map, quotesKeys) + "}";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> of(item, quotesKeys)).collect(Collectors.joining(",", "[", "]"));
        }
        return PythonJson.of(value);
    }

    /** The fields of a map without braces. */
    static String fields(Map<?, ?> map, boolean quotesKeys) {
        return sorted(map).entrySet().stream()
                .map(field ->
                        (quotesKeys ? quoted(field.getKey()) : field.getKey()) + ":" + of(field.getValue(), quotesKeys))
                .collect(Collectors.joining(","));
    }

    static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }

    /** The fields that a model wrote; null where they are none. */
    static Object parseFields(String fields) {
        StringBuilder json = new StringBuilder("{");
        String[] pieces = fields.split(Pattern.quote(QUOTE), -1);
        for (int i = 0; i < pieces.length; i++) {
            json.append(
                    i % 2 == 1
                            ? PythonJson.of(pieces[i])
                            : BARE_KEY.matcher(pieces[i]).replaceAll("\"$1\""));
        }
        return AgentJson.parseOrNull(json.append('}').toString());
    }
}
