package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * JSON Lines and plain text: one line is one row. Blank lines separate and are not rows. A JSON line is not parsed here: what is not
 * JSON becomes a row that {@link RowMapper} refuses with its text kept.
 */
public final class LineRows {
    private LineRows() {}

    /** Whether the line is a row at all. */
    public static boolean isRow(String line) {
        return !withoutMark(line).isBlank();
    }

    /** The row of one line of a {@link DataFormat#isLineWise() line-wise} format; {@code line} must be a row. */
    public static RawRow row(DataFormat format, Origin origin, long row, long lineNumber, String line) {
        String text = withoutMark(line);
        return origin.row(row, lineNumber, format == DataFormat.TEXT ? textColumn(text) : text);
    }

    static Iterator<RawRow> read(DataFormat format, Origin origin, Reader in) {
        return new Lines(format, origin, new BufferedReader(in));
    }

    private static String textColumn(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text).toString();
    }

    private static String withoutMark(String line) {
        return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    private static final class Lines implements Iterator<RawRow> {
        private final DataFormat format;
        private final Origin origin;
        private final BufferedReader reader;
        private long row;
        private long lineNumber;
        private String next;

        Lines(DataFormat format, Origin origin, BufferedReader reader) {
            this.format = format;
            this.origin = origin;
            this.reader = reader;
            advance();
        }

        private void advance() {
            try {
                do {
                    next = reader.readLine();
                    lineNumber++;
                } while (next != null && !isRow(next));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + origin.file(), e);
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
            RawRow found = row(format, origin, row++, lineNumber, next);
            advance();
            return found;
        }
    }
}
