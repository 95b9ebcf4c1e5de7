package io.apus.spark.stream;

import io.apus.schemas.UserError;
import io.apus.spark.source.SourceDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Files that appear in folders. The stream carries their paths only: a batch's files are read like those of any dataset, in every format.
 * A file is taken once, by its path; it must appear complete (moved into the folder), and what is written to it later is not seen.
 */
record FileArrivals(List<SourceDataset> datasets) implements Arrivals {
    /** What Spark says of a file; the content is never asked for. */
    private static final String FILE = "path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY";

    private static final String DATA_FILES = "*.{json,jsonl,csv,parquet,txt}";

    static FileArrivals of(List<SourceDataset> datasets) {
        for (SourceDataset dataset : datasets) {
            if (TableArrivals.isTable(dataset)) {
                throw unfit(dataset, "a stream reads folders, or one Delta table alone");
            }
            if (dataset.patterns().size() != 1 || !isFolder(dataset.patterns().get(0))) {
                throw unfit(dataset, "it is no folder");
            }
            if (dataset.sample() != null) {
                throw unfit(dataset, "a stream has no end to take #" + dataset.sample() + " rows from");
            }
        }
        return new FileArrivals(List.copyOf(datasets));
    }

    /** What lies on another file system is Spark's to find. */
    private static boolean isFolder(String pattern) {
        return isRemote(pattern) || Files.isDirectory(Path.of(pattern));
    }

    private static boolean isRemote(String pattern) {
        return pattern.matches("[a-z][a-z0-9]+://.+");
    }

    private static String location(String pattern) {
        return isRemote(pattern) ? pattern : Path.of(pattern).toAbsolutePath().toString();
    }

    static UserError unfit(SourceDataset dataset, String cause) {
        return new UserError(
                "Cannot stream the dataset " + dataset.name(), cause, "Give a folder in which files appear.");
    }

    /** Spark would ignore files that are a week older than the newest; here none is ever too old. */
    @Override
    public Dataset<Row> stream(SparkSession spark) {
        return datasets.stream()
                .map(dataset -> spark.readStream()
                        .format("binaryFile")
                        .schema(FILE)
                        .option("recursiveFileLookup", true)
                        .option("pathGlobFilter", DATA_FILES)
                        .option("maxFileAge", "36500d")
                        .load(location(dataset.patterns().get(0)))
                        .select(functions.lit(dataset.index()).as("dataset"), functions.col("path")))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    @Override
    public List<SourceDataset> arrived(Dataset<Row> batch, Path staging) {
        Map<Integer, List<String>> files = new TreeMap<>();
        batch.orderBy("dataset", "path").collectAsList().forEach(row -> files.computeIfAbsent(
                        row.getInt(0), index -> new ArrayList<>())
                .add(row.getString(1)));
        return datasets.stream()
                .filter(dataset -> files.containsKey(dataset.index()))
                .map(dataset -> dataset.reading(files.get(dataset.index())))
                .toList();
    }
}
