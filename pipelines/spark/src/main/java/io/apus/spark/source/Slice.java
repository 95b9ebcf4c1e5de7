package io.apus.spark.source;

import io.apus.corpus.ingest.Origin;
import java.io.Serializable;
import java.net.URI;
import org.apache.hadoop.fs.Path;

/**
 * A piece of a file that one task reads: whole, or for line-wise formats the lines that begin in a range of bytes.
 *
 * @param dataset the dataset
 * @param file the file
 * @param start first byte
 * @param length bytes
 * @param firstRow rows of the dataset before this slice
 * @param firstLine lines of the file before this slice
 */
record Slice(SourceDataset dataset, SourceFile file, long start, long length, long firstRow, long firstLine)
        implements Serializable {
    Slice numbered(long row, long line) {
        return new Slice(dataset, file, start, length, row, line);
    }

    Path path() {
        return new Path(URI.create(file.path()));
    }

    Origin origin() {
        return new Origin(dataset.name(), dataset.index(), path().getName());
    }
}
