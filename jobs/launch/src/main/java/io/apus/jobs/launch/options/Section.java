package io.apus.jobs.launch.options;

import io.apus.schemas.spec.Doc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One section of a run file and the record that it becomes.
 *
 * @param name as in YAML, e.g. {@code train} or {@code model.create}; empty for the top level
 * @param record the record
 * @param doc what it decides, one line
 * @param options its options, in the order of the record's components
 * @param children the sections inside it
 */
record Section(String name, Class<? extends Record> record, String doc, List<Option> options, List<Section> children) {
    static Section of(String name, Class<? extends Record> record) {
        Doc doc = record.getAnnotation(Doc.class);
        List<Option> options = new ArrayList<>();
        List<Section> children = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            String child = snakeCase(component.getName());
            if (component.getType().isRecord()) {
                children.add(of(
                        name.isEmpty() ? child : name + "." + child,
                        component.getType().asSubclass(Record.class)));
            } else {
                String line = component.getAnnotation(Doc.class).value();
                options.add(new Option(name, child, OptionKind.of(component.getGenericType()), line));
            }
        }
        return new Section(name, record, doc == null ? "" : doc.value(), List.copyOf(options), List.copyOf(children));
    }

    /** The last part of the name, as the section is written inside its parent. */
    String key() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Makes the record from a value for each component, asked for by snake_case name. An exception of the constructor comes through. */
    Record create(Function<String, Object> values) {
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] arguments = Arrays.stream(components)
                .map(component -> values.apply(snakeCase(component.getName())))
                .toArray();
        try {
            return record.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of a component of {@code instance}, by snake_case name. */
    Object read(Record instance, String name) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (snakeCase(component.getName()).equals(name)) {
                try {
                    return component.getAccessor().invoke(instance);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalArgumentException(this.name + " has no " + name);
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
