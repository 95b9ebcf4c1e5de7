package io.apus.schemas;

import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.Doc;
import io.apus.schemas.spec.Group;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Column;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;

/** Writes the parts of SPEC.md that the code decides. */
final class SpecTables {
    private static final String REQUIRED = "required";

    private SpecTables() {}

    /** Every column of every published table. */
    static String tables() {
        StringBuilder text = new StringBuilder();
        for (TableLayout table : Tables.ALL) {
            text.append("### `")
                    .append(table.name())
                    .append("`: ")
                    .append(table.comment())
                    .append("\n\n");
            text.append("| column | type | null | what it holds |\n|---|---|---|---|\n");
            for (Column column : table.columns()) {
                text.append("| `")
                        .append(column.name())
                        .append("` | `")
                        .append(column.type())
                        .append("` | ");
                text.append(column.nullable() ? "yes" : "no")
                        .append(" | ")
                        .append(column.comment())
                        .append(" |\n");
            }
            for (TableLayout.Check check : table.checks()) {
                text.append("\nConstraint `")
                        .append(check.name())
                        .append("`: `")
                        .append(check.condition())
                        .append("`\n");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Every option of a run with its default. */
    static String options() throws ReflectiveOperationException {
        ModelSpec model = new ModelSpec(REQUIRED, null, null, null, null);
        IngestSpec ingest = IngestSpec.of(List.of(REQUIRED));
        StringBuilder text = new StringBuilder("| option | type | default | what it does |\n|---|---|---|---|\n");
        section(text, "", new RunSpec(null, null, null, model, ingest, null, null, null, null, null, null, null));
        section(
                text,
                "model.create.",
                new CreateModelSpec(null, null, null, null, null, null, null, null, null, null, null));
        return text.toString();
    }

    private static void section(StringBuilder text, String prefix, Record record) throws ReflectiveOperationException {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Doc doc = component.getAnnotation(Doc.class);
            boolean named = doc != null && !doc.name().isEmpty();
            String name = prefix + (named ? doc.name() : snakeCase(component.getName()));
            Object value = component.getAccessor().invoke(record);
            if (value instanceof Record inside) {
                section(text, component.getType().isAnnotationPresent(Group.class) ? prefix : name + ".", inside);
            } else if (!component.getType().isRecord()) {
                text.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(type(component.getGenericType()))
                        .append(" | ");
                text.append(shown(value)).append(" | ").append(doc.value()).append(" |\n");
            }
        }
    }

    private static String shown(Object value) {
        if (value == null || value.equals(List.of()) || value.toString().equals("{}")) {
            return "";
        }
        return value.toString().contains(REQUIRED)
                ? REQUIRED
                : "`" + value.toString().replace("[", "").replace("]", "") + "`";
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class ? "list" : "map";
        }
        return switch (((Class<?>) type).getSimpleName()) {
            case "String" -> "text";
            case "Boolean" -> "true or false";
            case "Double" -> "number";
            default -> "integer";
        };
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
