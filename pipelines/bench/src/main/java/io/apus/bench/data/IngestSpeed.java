package io.apus.bench.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.ingest.RowMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** How fast rows become samples, beside a bare parse of the same rows. */
public final class IngestSpeed {
    private static final JsonMapper JSON = new JsonMapper();

    private IngestSpeed() {}

    /** Rows a second on one thread, no disk and no Spark. */
    public static Table measure(List<DataFile> files, int rounds) throws IOException {
        List<RawRow> rows = files.stream().flatMap(file -> file.rows().stream()).toList();
        RowMapper mapper = new RowMapper(Map.of());
        List<Timing> timings = Interleaved.run(
                2,
                rounds,
                List.of(
                        new Contender("Jackson tree of each row", () -> parse(rows)),
                        new Contender("RowMapper", () -> map(mapper, rows)),
                        new Contender("file reader + RowMapper", () -> readAndMap(mapper, files))));
        long characters = rows.stream().mapToLong(row -> row.text().length()).sum();
        Table table =
                new Table("Ingest mapping: " + rows.size() + " rows", "way", "rows/s", "Mchar/s", "time ratio", "kept");
        for (Timing timing : timings) {
            table.row(
                    timing.name(),
                    rows.size() / timing.median(),
                    characters / 1e6 / timing.median(),
                    timing.timesAsLongAs(timings.get(0)),
                    (long) timing.result());
        }
        return table;
    }

    private static double parse(List<RawRow> rows) {
        int parsed = 0;
        for (RawRow row : rows) {
            parsed += isObject(row.text()) ? 1 : 0;
        }
        return parsed;
    }

    private static boolean isObject(String text) {
        try {
            return JSON.readTree(text).isObject();
        } catch (JsonProcessingException e) {
            return false; // one of the rows that are no JSON
        }
    }

    private static double map(RowMapper mapper, List<RawRow> rows) {
        int kept = 0;
        for (RawRow row : rows) {
            kept += mapper.map(row) instanceof Mapped.Kept ? 1 : 0;
        }
        return kept;
    }

    private static double readAndMap(RowMapper mapper, List<DataFile> files) {
        double kept = 0;
        for (DataFile file : files) {
            kept += map(mapper, file.rows());
        }
        return kept;
    }
}
