package io.apus.spark.stream;

import io.apus.spark.source.SourceDataset;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Rows that are appended to a Delta table. A batch's rows have no order, so they are given that of their JSON text, and are read from a file
 * of it like those of any dataset.
 */
record TableArrivals(SourceDataset dataset) implements Arrivals {
    private static final String ROWS = "rows.jsonl";

    static boolean isTable(SourceDataset dataset) {
        return dataset.patterns().size() == 1
                && Files.isDirectory(Path.of(dataset.patterns().get(0), "_delta_log"));
    }

    static TableArrivals of(List<SourceDataset> datasets) {
        SourceDataset dataset = datasets.get(0);
        if (datasets.size() != 1) {
            throw FileArrivals.unfit(dataset, "a stream reads folders, or one Delta table alone");
        }
        if (dataset.sample() != null) {
            throw FileArrivals.unfit(dataset, "a stream has no end to take #" + dataset.sample() + " rows from");
        }
        return new TableArrivals(dataset);
    }

    @Override
    public Dataset<Row> stream(SparkSession spark) {
        return spark.readStream()
                .format("delta")
                .load(Path.of(dataset.patterns().get(0)).toAbsolutePath().toString())
                .select(functions.to_json(functions.struct(functions.col("*"))).as("json"));
    }

    @Override
    public List<SourceDataset> arrived(Dataset<Row> batch, Path staging) {
        Path file = staging.resolve(ROWS);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Iterator<Row> rows = batch.orderBy("json").toLocalIterator(); rows.hasNext(); ) {
                out.write(rows.next().getString(0));
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(dataset.reading(List.of(file.toString())));
    }
}
