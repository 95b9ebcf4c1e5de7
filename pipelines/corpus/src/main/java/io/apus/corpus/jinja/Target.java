package io.apus.corpus.jinja;

import java.util.List;

/** What a value can be assigned to: a name, an attribute of a namespace, or a tuple of targets. */
sealed interface Target {
    void assign(Object value, Context context);

    record Variable(String name) implements Target {
        @Override
        public void assign(Object value, Context context) {
            context.scope().set(name, value);
        }
    }

    record NamespaceAttribute(String owner, String name) implements Target {
        @Override
        public void assign(Object value, Context context) {
            if (!(context.scope().get(owner) instanceof Namespace namespace)) {
                throw TemplateFailure.of(
                        "cannot assign to '" + owner + "." + name + "': '" + owner + "' is not a namespace");
            }
            namespace.set(name, value);
        }
    }

    record Unpacked(List<Target> targets) implements Target {
        @Override
        public void assign(Object value, Context context) {
            List<?> items = Values.items(value);
            if (items.size() != targets.size()) {
                throw TemplateFailure.of("cannot unpack " + items.size() + " values into " + targets.size() + " names");
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(items.get(i), context);
            }
        }
    }
}
