package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.apus.schemas.UserError;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The rows of a CSV file (RFC 4180) with a header. Fields are texts as they stand: nothing is taken for "not available". A row with
 * another number of fields than the header is refused; where quoting breaks for good, the rest of the file is one refused row.
 */
final class CsvRows implements Iterator<RawRow> {
    private final Origin origin;
    private final QuoteCount quotes;
    private final Iterator<CsvRecord> records;
    private final List<String> header;
    private long row;
    private RawRow pending;
    private boolean broken;

    private CsvRows(Origin origin, InputStream in) {
        this.origin = origin;
        this.quotes = new QuoteCount(in);
        this.records = CsvReader.builder()
                .detectBomHeader(true)
                .skipEmptyLines(true)
                .acceptCharsAfterQuotes(true)
                .ignoreDifferentFieldCount(true)
                .ofCsvRecord(quotes, StandardCharsets.UTF_8)
                .iterator();
        this.header = header();
    }

    static Iterator<RawRow> read(Origin origin, InputStream in) {
        return new CsvRows(origin, in);
    }

    private List<String> header() {
        List<String> names = List.of();
        try {
            names = records.hasNext() ? List.copyOf(records.next().getFields()) : names;
        } catch (CsvParseException e) {
            throw badHeader("its header cannot be read: " + RowJson.oneLine(e.getMessage()), "Is it a CSV file?");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw badHeader("its header names the column \"" + name + "\" twice", "Give each column its own name.");
            }
        }
        return names;
    }

    private UserError badHeader(String cause, String cure) {
        return new UserError("Cannot read the dataset " + origin.file(), cause, cure);
    }

    @Override
    public boolean hasNext() {
        return !broken && (pending != null || fetch());
    }

    private boolean fetch() {
        try {
            if (!records.hasNext()) {
                return false;
            }
            pending = rawRow(records.next());
        } catch (CsvParseException e) {
            pending = origin.refused(
                    row, row + 2, "", Refusal.RAGGED_ROW, "the file breaks off: " + RowJson.oneLine(e.getMessage()));
        }
        row++;
        return true;
    }

    private RawRow rawRow(CsvRecord csvRecord) {
        List<String> fields = csvRecord.getFields();
        long line = csvRecord.getStartingLineNumber();
        if (fields.size() != header.size()) {
            return ragged(line, fields, fields.size() + " fields where the header has " + header.size());
        }
        if (ranToTheEnd(fields)) {
            return ragged(line, fields, "a quote is never closed: the rest of the file is in this row");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < header.size(); i++) {
            json.put(header.get(i), fields.get(i));
        }
        return origin.row(row, line, json.toString());
    }

    private RawRow ragged(long line, List<String> fields, String detail) {
        ArrayNode raw = JsonNodeFactory.instance.arrayNode();
        fields.forEach(raw::add);
        return origin.refused(row, line, raw.toString(), Refusal.RAGGED_ROW, detail);
    }

    /** Whether this is the last record and its last field took in lines that were never meant for it. */
    private boolean ranToTheEnd(List<String> fields) {
        String last = fields.get(fields.size() - 1);
        return last.indexOf('\n') >= 0 && quotes.leftOpen() && !records.hasNext();
    }

    @Override
    public RawRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        RawRow found = pending;
        pending = null;
        broken = found.refusal() != null && found.text().isEmpty();
        return found;
    }
}
