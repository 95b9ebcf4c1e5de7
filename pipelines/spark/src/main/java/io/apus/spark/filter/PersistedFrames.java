package io.apus.spark.filter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Intermediate frames that are read more than once, as Parquet files below the stage's folder until the stage ends. Unlike cached frames
 * they take no memory, survive the loss of an executor, and are the beginning of a plan: plans of caches within caches grow without bound.
 */
public final class PersistedFrames implements AutoCloseable {
    private final SparkSession spark;
    private final org.apache.hadoop.fs.Path folder;
    private int count;

    /** @param folder where the files lie, on a file system that driver and executors share; it is deleted at the end */
    public PersistedFrames(SparkSession spark, Path folder) {
        this.spark = spark;
        this.folder = new org.apache.hadoop.fs.Path(folder.toUri());
    }

    /** The same rows, computed now and read from disk from now on. */
    public Dataset<Row> keep(Dataset<Row> frame) {
        String path = new org.apache.hadoop.fs.Path(folder, "frame-" + count++).toString();
        frame.write().parquet(path);
        return spark.read().schema(frame.schema()).parquet(path);
    }

    @Override
    public void close() {
        try {
            FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
            files.delete(folder, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
