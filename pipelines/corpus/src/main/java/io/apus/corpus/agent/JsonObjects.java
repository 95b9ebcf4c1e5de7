package io.apus.corpus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds JSON objects in the midst of text. */
final class JsonObjects {
    private JsonObjects() {}

    /** The outermost ones, in order; braces that hold no JSON are passed over. */
    static List<Map<?, ?>> in(String text) {
        List<Map<?, ?>> found = new ArrayList<>();
        int position = text.indexOf('{');
        while (position >= 0) {
            int end = end(text, position);
            Object value = end < 0 ? null : AgentJson.parseOrNull(text.substring(position, end));
            if (value instanceof Map<?, ?> map) {
                found.add(map);
            }
            position = text.indexOf('{', value instanceof Map<?, ?> ? end : position + 1);
        }
        return found;
    }

    /** Behind the brace that closes the one at {@code start}; -1 where none does. */
    static int end(String text, int start) {
        int depth = 0;
        boolean isInText = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isInText) {
                i += c == '\\' ? 1 : 0;
                isInText = c != '"';
            } else if (c == '"') {
                isInText = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }
}
