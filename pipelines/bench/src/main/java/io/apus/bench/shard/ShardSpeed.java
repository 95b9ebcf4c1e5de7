package io.apus.bench.shard;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Scratch;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.schemas.data.PackedRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Writes, opens and reads the same packed rows in every format. */
public final class ShardSpeed {
    /** A format under the name that the table shows. */
    private record Named(String name, RowStore store) {}

    private static final int WARMUPS = 2;
    private static final double MEGABYTE = 1e6;
    private static final int BYTES_PER_TOKEN = Integer.BYTES + Float.BYTES;

    private final List<Named> stores = List.of(
            new Named("Arrow IPC shard", new ArrowStore()),
            new Named("Parquet, snappy", new ParquetStore(CompressionCodecName.SNAPPY)),
            new Named("Parquet, plain", new ParquetStore(CompressionCodecName.UNCOMPRESSED)),
            new Named("flat file", new FlatStore()));
    private final List<PackedRow> rows;
    private final Scratch scratch;

    public ShardSpeed(List<PackedRow> rows, Scratch scratch) {
        this.rows = rows;
        this.scratch = scratch;
    }

    /** MB count ids and weights, 8 bytes a token, whatever the file's size; ratios compare seconds with the Arrow shard's. */
    public Table measure(int rounds) throws IOException {
        List<Contender> writes = new ArrayList<>();
        for (Named named : stores) {
            writes.add(new Contender(named.name(), () -> write(named)));
        }
        List<Timing> written = Interleaved.run(WARMUPS, rounds, writes);
        List<Contender> opens = new ArrayList<>();
        List<Contender> reads = new ArrayList<>();
        for (Named named : stores) {
            Path folder = folder(named);
            RowStore.Reading reading = named.store().open(folder);
            opens.add(
                    new Contender(named.name(), () -> named.store().open(folder).hashCode()));
            reads.add(new Contender(named.name(), reading::sum));
        }
        return table(written, Interleaved.run(WARMUPS, rounds, opens), Interleaved.run(WARMUPS, rounds, reads));
    }

    private Path folder(Named named) {
        return scratch.path(named.name());
    }

    private double write(Named named) throws IOException {
        Path folder = scratch.fresh(named.name());
        named.store().write(folder, rows);
        return size(folder);
    }

    private static double size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private Table table(List<Timing> writes, List<Timing> opens, List<Timing> reads) {
        double megabytes = BYTES_PER_TOKEN
                * rows.stream().mapToLong(row -> row.inputIds().length).sum()
                / MEGABYTE;
        Table table = new Table(
                String.format(
                        Locale.ROOT,
                        "Packed rows on disk: %d rows, %.1f MB of ids and weights",
                        rows.size(),
                        megabytes),
                "format",
                "MB on disk",
                "write MB/s",
                "write ratio",
                "open+check ms",
                "read MB/s",
                "read ratio",
                "sum");
        for (int i = 0; i < stores.size(); i++) {
            table.row(
                    stores.get(i).name(),
                    writes.get(i).result() / MEGABYTE,
                    megabytes / writes.get(i).median(),
                    writes.get(i).timesAsLongAs(writes.get(0)),
                    opens.get(i).median() * 1e3,
                    megabytes / reads.get(i).median(),
                    reads.get(i).timesAsLongAs(reads.get(0)),
                    String.format(Locale.ROOT, "%.0f", reads.get(i).result()));
        }
        return table;
    }
}
