package io.apus.spark.source;

import io.apus.spark.table.Mapping;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Numbers the rows of each block of a file from 0, in the order in which the one task that reads the block meets them. */
final class ParquetBlocks {
    private static final StructType NUMBERED =
            StructType.fromDDL("json string, path string, name string, block bigint, at bigint");

    private ParquetBlocks() {}

    /** @param rows columns json, path, name and block, as the reader gives them; {@code at} comes behind them */
    static Dataset<Row> numbered(Dataset<Row> rows) {
        MapPartitionsFunction<Row, Row> numbering = partition -> new Mapping<>(partition, new Counter());
        return rows.mapPartitions(numbering, Encoders.row(NUMBERED));
    }

    /** Counts from 0 again where a block begins; the rows of a block follow each other. */
    private static final class Counter implements Function<Row, Row> {
        private String path = "";
        private long block = -1;
        private long at;

        @Override
        public Row apply(Row row) {
            boolean same = row.getString(1).equals(path) && row.getLong(3) == block;
            path = row.getString(1);
            block = row.getLong(3);
            at = same ? at + 1 : 0;
            return RowFactory.create(row.getString(0), path, row.getString(2), block, at);
        }
    }
}
