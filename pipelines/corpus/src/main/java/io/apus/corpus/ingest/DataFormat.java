package io.apus.corpus.ingest;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** The formats of data files, told apart by the ending of the name. */
public enum DataFormat {
    JSON_LINES("jsonl"),
    JSON("json"),
    CSV("csv"),
    TEXT("txt"),
    PARQUET("parquet");

    private final String ending;

    DataFormat(String ending) {
        this.ending = ending;
    }

    /** The format of the file {@code name}; {@link UserError} for an ending that is not known. */
    public static DataFormat of(String name) {
        String found = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.ending.equals(found))
                .findFirst()
                .orElseThrow(() -> unknown(name, found));
    }

    private static UserError unknown(String name, String found) {
        List<String> endings =
                Arrays.stream(values()).map(format -> format.ending).toList();
        return new UserError(
                "Cannot read the dataset " + name,
                "the ending \"" + found + "\" names no format",
                "Known: " + String.join(", ", endings) + "; the nearest is " + Registry.nearest(found, endings) + ".");
    }

    /** True where a file can be read from any line on: one line is one row. */
    public boolean isLineWise() {
        return this == JSON_LINES || this == TEXT;
    }

    /**
     * The rows of a whole file, read as they are asked for; the caller closes {@code in}. I/O errors come as UncheckedIOException.
     * Parquet has no reader here: Spark reads it and hands over each row as JSON text.
     */
    public Iterator<RawRow> read(Origin origin, InputStream in) {
        return switch (this) {
            case JSON_LINES, TEXT -> LineRows.read(this, origin, reader(in));
            case JSON -> JsonRows.read(origin, reader(in));
            case CSV -> CsvRows.read(origin, in);
            case PARQUET -> throw new IllegalArgumentException("Parquet rows come from Spark as JSON text");
        };
    }

    private static Reader reader(InputStream in) {
        return new InputStreamReader(in, StandardCharsets.UTF_8);
    }
}
