package io.apus.jobs.data.stream;

import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.spark.table.PublishedTable;
import java.util.Optional;

/** The tables that a manifest names. */
final class StreamTables {
    private StreamTables() {}

    static Optional<Manifest.Output> output(Manifest manifest, String name) {
        return manifest.outputs().stream()
                .filter(output -> output.name().equals(name) && output.version() >= 0)
                .findFirst();
    }

    static Optional<PublishedTable> of(RunLayout layout, Manifest manifest, String name) {
        return output(manifest, name)
                .map(output -> new PublishedTable(layout.root().resolve(output.path()), output.version()));
    }
}
