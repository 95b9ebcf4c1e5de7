package io.apus.corpus.jinja;

/** A name or attribute that does not exist: prints as nothing, is false, iterates as empty, and refuses everything else. */
record Undefined(String description) {
    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object owner, Object key) {
        return new Undefined("'" + Values.typeName(owner) + "' has no attribute '" + Values.key(key) + "'");
    }

    TemplateFailure failure() {
        return TemplateFailure.of(description);
    }
}
