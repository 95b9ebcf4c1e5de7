package io.apus.spark.ml;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/** What a stage does on an executor. */
@FunctionalInterface
interface BatchWork extends Serializable {
    /**
     * The outputs of some rows, in their order.
     *
     * @param rows rows whose input column is not null
     * @param column index of the input column
     */
    List<?> apply(LoadedTokenizer tokenizer, List<Row> rows, int column);
}
