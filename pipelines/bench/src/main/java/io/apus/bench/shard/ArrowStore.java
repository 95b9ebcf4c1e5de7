package io.apus.bench.shard;

import io.apus.schemas.data.PackedRow;
import io.apus.shards.ShardReader;
import io.apus.shards.ShardWriter;
import io.apus.shards.TokenSlice;
import java.nio.file.Path;
import java.util.List;

/** Apus' shards: Arrow IPC files mapped into memory. */
final class ArrowStore implements RowStore {
    private static final String NO_TOKENIZER = "0".repeat(64);

    @Override
    public void write(Path folder, List<PackedRow> rows) {
        int longest = rows.stream().mapToInt(row -> row.inputIds().length).max().orElse(1);
        try (ShardWriter writer = new ShardWriter(folder, "train", longest, NO_TOKENIZER, Long.MAX_VALUE)) {
            rows.forEach(writer::add);
            writer.commit();
        }
    }

    @Override
    public Reading open(Path folder) {
        ShardReader reader = ShardReader.open(folder);
        return () -> sum(reader);
    }

    private static double sum(ShardReader reader) {
        double sum = 0;
        for (long row = 0; row < reader.rows(); row++) {
            TokenSlice slice = reader.tokens(row);
            sum += Sums.of(slice.inputIds().asIntBuffer(), slice.lossWeights().asFloatBuffer());
        }
        return sum;
    }
}
