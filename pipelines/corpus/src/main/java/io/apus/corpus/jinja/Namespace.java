package io.apus.corpus.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The object of {@code namespace(...)}: attributes that inner scopes may set. */
final class Namespace {
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    Object get(String name) {
        return attributes.containsKey(name) ? attributes.get(name) : Undefined.attribute(this, name);
    }

    void set(String name, Object value) {
        attributes.put(name, value);
    }

    @Override
    public String toString() {
        return "<Namespace " + Values.repr(attributes) + ">";
    }
}
