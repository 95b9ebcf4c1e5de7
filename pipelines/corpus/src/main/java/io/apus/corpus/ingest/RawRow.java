package io.apus.corpus.ingest;

/**
 * A row as it was read, before its columns are understood.
 *
 * @param dataset the dataset as the user named it, without its {@code #N}
 * @param datasetIndex position of the dataset in the run's list
 * @param row index of the row from 0, in its file or, after {@link #after}, in its dataset
 * @param source where a person finds the row, e.g. {@code chat.jsonl:17}
 * @param text the row as the text of a JSON object; the raw text where {@code refusal} is set
 * @param refusal why the reader could not make a row of it (a code of {@link Refusal}), or null
 * @param detail what exactly was wrong; empty where {@code refusal} is null
 */
public record RawRow(
        String dataset, int datasetIndex, long row, String source, String text, String refusal, String detail) {

    /** The same row when {@code rows} rows of the dataset lie in earlier files or splits. */
    public RawRow after(long rows) {
        return new RawRow(dataset, datasetIndex, row + rows, source, text, refusal, detail);
    }
}
