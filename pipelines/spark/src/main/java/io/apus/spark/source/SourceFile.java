package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import java.io.Serializable;

/**
 * A file of a dataset, or a Delta table.
 *
 * @param path as Hadoop spells it
 * @param format by its ending; Parquet for a table
 * @param bytes its size
 * @param version the version of a table that is read, or -1 for a file
 */
public record SourceFile(String path, DataFormat format, long bytes, long version) implements Serializable {
    boolean isTable() {
        return version >= 0;
    }
}
