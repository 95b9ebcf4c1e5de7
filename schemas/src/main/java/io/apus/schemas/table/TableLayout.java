package io.apus.schemas.table;

import java.util.List;
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
    /** A named SQL condition. */
    public record Check(String name, String condition) {}

    /** The columns as a Spark SQL DDL string. */
    public String ddl() {
        return columns.stream()
                .map(column -> "`" + column.name() + "` " + column.type() + (column.nullable() ? "" : " NOT NULL")
                        + " COMMENT '" + column.comment().replace("'", "\\'") + "'")
                .collect(Collectors.joining(", "));
    }
}
