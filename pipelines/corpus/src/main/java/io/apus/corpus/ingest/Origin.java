package io.apus.corpus.ingest;

/**
 * The file that rows are read from.
 *
 * @param dataset the dataset as the user named it, without its {@code #N}
 * @param datasetIndex position of the dataset in the run's list
 * @param file name of the file, for messages
 */
public record Origin(String dataset, int datasetIndex, String file) {
    /** A row of this file; {@code line} counts from 1 and is the row's first line. */
    RawRow row(long row, long line, String json) {
        return new RawRow(dataset, datasetIndex, row, file + ":" + line, json, null, "");
    }

    /** A piece of this file that no row could be made of. */
    RawRow refused(long row, long line, String raw, Refusal refusal, String detail) {
        return new RawRow(dataset, datasetIndex, row, file + ":" + line, raw, refusal.code(), detail);
    }
}
