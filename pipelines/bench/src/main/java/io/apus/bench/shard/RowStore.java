package io.apus.bench.shard;

import io.apus.schemas.data.PackedRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A way to keep packed rows on disk. All ways give the same guarantees: what was written is forced to disk with its SHA-256 beside it,
 * and opening checks the SHA-256.
 */
interface RowStore {
    /** Makes {@code folder} and writes everything of the rows. */
    void write(Path folder, List<PackedRow> rows) throws IOException;

    Reading open(Path folder) throws IOException;

    /** Rows that were opened and checked. */
    interface Reading {
        /** Reads all ids and weights and adds them up. */
        double sum() throws IOException;
    }
}
