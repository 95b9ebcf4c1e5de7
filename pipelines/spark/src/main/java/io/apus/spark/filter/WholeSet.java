package io.apus.spark.filter;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Applies a filter that compares samples with each other. */
public interface WholeSet {
    /**
     * The samples that it refuses.
     *
     * @param passing the samples that are left, with the columns of {@code Tables.SAMPLES}
     * @return rows of {@link Refused}, one a refused sample, the same however {@code passing} is partitioned
     */
    Dataset<Row> refused(Dataset<Row> passing);
}
