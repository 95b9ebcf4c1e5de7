package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The values of a {@code .json} file: the elements of one array, or values one after the other (JSON Lines under another name). Where
 * the JSON breaks off, the rows before are kept and the rest of the file is one refused row.
 */
final class JsonRows implements Iterator<RawRow> {
    private static final int RAW_LIMIT = 10_000;

    private final Origin origin;
    private final Transcript transcript;
    private final JsonParser parser;
    private final boolean inArray;
    private long row;
    private long end;
    private boolean finished;
    private RawRow next;

    private JsonRows(Origin origin, Reader reader, boolean inArray) throws IOException {
        this.origin = origin;
        this.transcript = new Transcript(reader);
        this.parser = RowJson.FACTORY.createParser(transcript);
        this.inArray = inArray;
        if (inArray) {
            parser.nextToken();
        }
        advance();
    }

    static Iterator<RawRow> read(Origin origin, Reader in) {
        BufferedReader reader = new BufferedReader(in);
        try {
            int first = firstCharacter(reader);
            if (first == '[') {
                return new JsonRows(origin, reader, true);
            }
            return unwrapped(origin, reader);
        } catch (IOException e) {
            throw unreadable(origin, e);
        }
    }

    /** A first line that is a value by itself tells JSON Lines, where a broken line costs no other row. */
    private static Iterator<RawRow> unwrapped(Origin origin, BufferedReader reader) throws IOException {
        String line = reader.readLine();
        Reader whole = new Prefixed(line == null ? "" : line + "\n", reader);
        if (line != null && RowJson.isValue(line)) {
            return LineRows.read(DataFormat.JSON_LINES, origin, whole);
        }
        return new JsonRows(origin, whole, false);
    }

    private static int firstCharacter(BufferedReader reader) throws IOException {
        while (true) {
            reader.mark(1);
            int c = reader.read();
            if (c != '\uFEFF' && !Character.isWhitespace(c)) {
                reader.reset();
                return c;
            }
        }
    }

    private void advance() {
        next = null;
        if (finished) {
            return;
        }
        try {
            JsonToken token = parser.nextToken();
            if (token == null || (inArray && token == JsonToken.END_ARRAY)) {
                finish(token);
                return;
            }
            element();
        } catch (JsonProcessingException e) {
            refuseRest(
                    e.getOriginalMessage(),
                    e.getLocation() == null ? 0 : e.getLocation().getLineNr());
        } catch (IOException e) {
            throw unreadable(origin, e);
        }
    }

    private void element() throws IOException {
        long from = parser.currentTokenLocation().getCharOffset();
        long line = parser.currentTokenLocation().getLineNr();
        parser.skipChildren();
        parser.finishToken();
        end = parser.currentLocation().getCharOffset();
        next = origin.row(row++, line, transcript.between(from, end));
        transcript.forget(end);
    }

    private void finish(JsonToken token) throws IOException {
        finished = true;
        if (token != null && parser.nextToken() != null) {
            refuseRest(
                    "there is more behind the end of the list",
                    parser.currentLocation().getLineNr());
        }
    }

    private void refuseRest(String problem, int line) {
        finished = true;
        String raw = transcript.between(end, end + RAW_LIMIT);
        next = origin.refused(
                row++,
                line,
                raw,
                Refusal.BROKEN_JSON,
                "the file breaks off at line " + line + ": " + RowJson.oneLine(problem));
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
        RawRow found = next;
        advance();
        return found;
    }

    private static UncheckedIOException unreadable(Origin origin, IOException e) {
        return new UncheckedIOException("cannot read " + origin.file(), e);
    }

    /** A text in front of what a reader still has. */
    private static final class Prefixed extends FilterReader {
        private final StringReader prefix;

        Prefixed(String prefix, BufferedReader rest) {
            super(rest);
            this.prefix = new StringReader(prefix);
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            int count = prefix.read(target, offset, length);
            return count > 0 ? count : super.read(target, offset, length);
        }
    }
}
