package io.apus.jobs.eval;

import io.apus.schemas.data.PackedRow;
import io.apus.shards.ShardReader;
import java.nio.file.Path;

/** The validation shards, checked and mapped when the first row is wanted. */
final class HeldOutRows {
    private final Path folder;
    private ShardReader reader;

    HeldOutRows(Path folder) {
        this.folder = folder;
    }

    PackedRow row(long index) {
        if (reader == null) {
            reader = ShardReader.open(folder);
        }
        return reader.row(index);
    }
}
