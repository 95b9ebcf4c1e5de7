package io.apus.jobs.launch.options;

import io.apus.schemas.spec.Doc;
import io.apus.schemas.spec.Group;
import io.apus.schemas.spec.InvalidSpec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    /** A component of a record and what an option or section of it is called: its annotations are slow to read. */
    private record Part(RecordComponent component, String name, boolean isGroup) {}

    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> record) {
            return Arrays.stream(record.getRecordComponents())
                    .map(component -> new Part(
                            component, nameOf(component), component.getType().isAnnotationPresent(Group.class)))
                    .toList();
        }
    };

    static Section of(String name, Class<? extends Record> record) {
        Doc doc = record.getAnnotation(Doc.class);
        List<Option> options = new ArrayList<>();
        List<Section> children = new ArrayList<>();
        for (Part part : PARTS.get(record)) {
            RecordComponent component = part.component();
            String child = snakeCase(component.getName());
            if (part.isGroup()) {
                options.addAll(of(name, type(component)).options());
            } else if (component.getType().isRecord()) {
                children.add(of(name.isEmpty() ? child : name + "." + child, type(component)));
            } else {
                String line = component.getAnnotation(Doc.class).value();
                options.add(new Option(name, part.name(), OptionKind.of(component.getGenericType()), line));
            }
        }
        return new Section(name, record, doc == null ? "" : doc.value(), List.copyOf(options), List.copyOf(children));
    }

    /** The last part of the name, as the section is written inside its parent. */
    String key() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The name of an option in run files. */
    private static String nameOf(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        return doc != null && !doc.name().isEmpty() ? doc.name() : snakeCase(component.getName());
    }

    private static Class<? extends Record> type(RecordComponent component) {
        return component.getType().asSubclass(Record.class);
    }

    /**
     * Makes the record from a value for each option or section inside, asked for by name. An exception of the constructor comes
     * through; the problems of all groups and of the record itself come in one.
     */
    Record create(Function<String, Object> values) {
        List<String> problems = new ArrayList<>();
        Record made = create(record, values, problems);
        if (!problems.isEmpty()) {
            throw new InvalidSpec(problems);
        }
        return made;
    }

    /** Makes {@code record}, or gives null and adds to {@code problems}. */
    private static Record create(
            Class<? extends Record> record, Function<String, Object> values, List<String> problems) {
        List<Part> parts = PARTS.get(record);
        Class<?>[] types =
                parts.stream().map(part -> part.component().getType()).toArray(Class<?>[]::new);
        Object[] arguments = parts.stream()
                .map(part ->
                        part.isGroup() ? create(type(part.component()), values, problems) : values.apply(part.name()))
                .toArray();
        try {
            return record.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidSpec invalid) {
                problems.addAll(invalid.problems());
                return null;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of an option or section of {@code instance}, by its name. */
    Object read(Record instance, String name) {
        Map<String, Object> values = new HashMap<>();
        read(instance, values);
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException(this.name + " has no " + name);
        }
        return values.get(name);
    }

    private static void read(Record instance, Map<String, Object> values) {
        for (Part part : PARTS.get(instance.getClass())) {
            try {
                Object value = part.component().getAccessor().invoke(instance);
                if (part.isGroup()) {
                    read((Record) value, values);
                } else {
                    values.put(part.name(), value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
