package io.apus.bench.data;

import io.apus.corpus.ingest.DataFormat;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.Origin;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.ingest.RowMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A data file in memory, so that no disk is measured.
 *
 * @param bytes the whole file
 * @param limit most rows that are read of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DataFile(Origin origin, DataFormat format, byte[] bytes, int limit) {
    private static final List<String> ENDINGS = List.of(".json", ".jsonl", ".csv", ".txt");

    /** The data files of a folder in the order of their names. */
    public static List<DataFile> in(Path folder, int limit) throws IOException {
        List<Path> paths;
        try (Stream<Path> entries = Files.list(folder)) {
            paths = entries.filter(DataFile::isData).sorted().toList();
        }
        if (paths.isEmpty()) {
            throw new UserError("Cannot benchmark", folder + " has no json, jsonl, csv or txt file", "Name another.");
        }
        List<DataFile> files = new ArrayList<>();
        for (Path path : paths) {
            String name = path.getFileName().toString();
            Origin origin = new Origin(name, files.size(), name);
            files.add(new DataFile(origin, DataFormat.of(name), Files.readAllBytes(path), limit));
        }
        return files;
    }

    private static boolean isData(Path path) {
        return Files.isRegularFile(path) && ENDINGS.stream().anyMatch(path.toString()::endsWith);
    }

    /** Reads the file's rows without understanding them. */
    public List<RawRow> rows() {
        List<RawRow> rows = new ArrayList<>();
        Iterator<RawRow> all = format.read(origin, new ByteArrayInputStream(bytes));
        while (all.hasNext() && rows.size() < limit) {
            rows.add(all.next());
        }
        return rows;
    }

    /** The samples that the rows of all files hold. */
    public static List<Sample> samples(List<DataFile> files) {
        RowMapper mapper = new RowMapper(Map.of());
        List<Sample> samples = new ArrayList<>();
        for (DataFile file : files) {
            for (RawRow row : file.rows()) {
                if (mapper.map(row) instanceof Mapped.Kept kept) {
                    samples.add(kept.sample());
                }
            }
        }
        return samples;
    }
}
