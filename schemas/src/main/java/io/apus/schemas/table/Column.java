package io.apus.schemas.table;

/**
 * A column of a published table.
 *
 * @param name column name
 * @param type Spark SQL type as DDL, e.g. {@code array<int>}
 * @param nullable whether it may be null
 * @param comment what it holds, one line; stored with the table
 */
public record Column(String name, String type, boolean nullable, String comment) {}
