package io.apus.spark.stream;

import io.apus.spark.source.SourceDataset;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Where a stream's data comes from. */
public sealed interface Arrivals permits FileArrivals, TableArrivals {
    /** The stream itself; its checkpoint remembers what was taken. */
    Dataset<Row> stream(SparkSession spark);

    /**
     * The datasets of one batch with the files that arrived, the same whenever the batch is run again.
     *
     * @param batch what the stream gave
     * @param staging a folder for this batch alone
     */
    List<SourceDataset> arrived(Dataset<Row> batch, Path staging);

    /** Data that arrives in folders, or as one Delta table. */
    static Arrivals of(List<SourceDataset> datasets) {
        return TableArrivals.isTable(datasets.get(0)) ? TableArrivals.of(datasets) : FileArrivals.of(datasets);
    }
}
