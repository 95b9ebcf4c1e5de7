package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import io.apus.corpus.ingest.LineRows;
import io.apus.corpus.ingest.RawRow;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;

/** The rows of one slice, one at a time, numbered over the dataset. */
final class SliceReader implements Iterator<RawRow>, Closeable {
    private final Iterator<RawRow> rows;
    private final Closeable input;

    private SliceReader(Iterator<RawRow> rows, Closeable input) {
        this.rows = rows;
        this.input = input;
    }

    static SliceReader open(Slice slice, Configuration configuration) {
        try {
            if (slice.file().format().isLineWise()) {
                Lines lines = new Lines(slice, configuration);
                return new SliceReader(lines, lines);
            }
            InputStream in = slice.path().getFileSystem(configuration).open(slice.path());
            return new SliceReader(slice.file().format().read(slice.origin(), in), in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + slice.file().path(), e);
        }
    }

    /** Rows and lines of a slice. */
    static long[] count(Slice slice, Configuration configuration) {
        try (SliceReader reader = open(slice, configuration)) {
            long rows = 0;
            while (reader.hasNext()) {
                reader.next();
                rows++;
            }
            return new long[] {rows, reader.rows instanceof Lines lines ? lines.line : 0};
        }
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public RawRow next() {
        return rows.next();
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hadoop's reader gives exactly the lines that begin in its range, so that slices neither share nor lose one. */
    private static final class Lines implements Iterator<RawRow>, Closeable {
        private final Slice slice;
        private final DataFormat format;
        private final LineRecordReader reader = new LineRecordReader();
        private long row;
        private long line;
        private String next;

        Lines(Slice slice, Configuration configuration) throws IOException {
            this.slice = slice;
            this.format = slice.file().format();
            this.row = slice.firstRow();
            this.line = slice.firstLine();
            reader.initialize(
                    new FileSplit(slice.path(), slice.start(), slice.length(), new String[0]),
                    new TaskAttemptContextImpl(configuration, new TaskAttemptID()));
            advance();
        }

        private void advance() {
            try {
                next = null;
                while (next == null && reader.nextKeyValue()) {
                    line++;
                    String text = reader.getCurrentValue().toString();
                    next = LineRows.isRow(text) ? text : null;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + slice.file().path(), e);
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public RawRow next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            RawRow found = LineRows.row(format, slice.origin(), row++, line, next);
            advance();
            return found;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
