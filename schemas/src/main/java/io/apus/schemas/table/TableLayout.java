package io.apus.schemas.table;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The columns of a published table, in order, with what must hold for each row.
 *
 * @param name table name
 * @param comment what a row is
 * @param columns the columns
 * @param checks SQL conditions by constraint name that every row satisfies
 */
public record TableLayout(String name, String comment, List<Column> columns, List<Check> checks) {
    /**
     * How long a table keeps what it no longer shows, and what readers of an old version need: the files that OPTIMIZE or DELETE has
     * replaced, and the log. Manifests pin versions, so a VACUUM with Delta's usual week would take a committed run apart.
     */
    public static final String RETENTION = "interval 3650 days";

    /** A named SQL condition. */
    public record Check(String name, String condition) {}

    /** The columns as a Spark SQL DDL string. */
    public String ddl() {
        return columns.stream()
                .map(column -> "`" + column.name() + "` " + column.type() + (column.nullable() ? "" : " NOT NULL")
                        + " COMMENT '" + column.comment().replace("'", "\\'") + "'")
                .collect(Collectors.joining(", "));
    }

    /** Delta table properties: the checks as constraints that hold from the first version on, and the retention. */
    public Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        checks.forEach(check -> properties.put("delta.constraints." + check.name(), check.condition()));
        properties.put("delta.deletedFileRetentionDuration", RETENTION);
        properties.put("delta.logRetentionDuration", RETENTION);
        return properties;
    }
}
