package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import java.io.Serializable;

/**
 * A file of a dataset.
 *
 * @param path as Hadoop spells it
 * @param format by its ending
 * @param bytes its size
 */
public record SourceFile(String path, DataFormat format, long bytes) implements Serializable {}
