package io.apus.jobs.train;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ManifestFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The rows that a run will train on.
 *
 * @param exact whether they are packed already; else the numbers are guessed from the size of the dataset files
 * @param rows packed rows; 0 when nothing is known
 * @param tokens tokens in them
 * @param rowLength most tokens of a row
 */
record PlannedRows(boolean exact, long rows, long tokens, int rowLength) {
    /** English text as JSON, per token of a common vocabulary. */
    private static final int BYTES_PER_TOKEN = 4;

    private static final double USUAL_FILL = 0.95;

    static PlannedRows of(RunSpec spec, RunLayout layout, int contextLength) {
        Path packed = layout.shards("train").resolve(RunLayout.MANIFEST);
        if (Files.exists(layout.manifest("pack")) && Files.exists(packed)) {
            ShardManifest manifest = ManifestFile.readShards(packed);
            return new PlannedRows(true, manifest.rows(), manifest.tokens(), manifest.maxLength());
        }
        int rowLength = rowLength(spec, contextLength);
        long tokens =
                spec.ingest().dataset().stream().mapToLong(PlannedRows::bytes).sum() / BYTES_PER_TOKEN;
        long rows = tokens == 0 ? 0 : Math.max(1, (long) Math.ceil(tokens / (rowLength * USUAL_FILL)));
        return new PlannedRows(false, rows, tokens, rowLength);
    }

    private static int rowLength(RunSpec spec, int contextLength) {
        if (spec.pack().packingLength() != null) {
            return spec.pack().packingLength();
        }
        return spec.tokenize().maxLength() != null ? spec.tokenize().maxLength() : contextLength;
    }

    private static long bytes(String dataset) {
        Path file = Path.of(dataset.replaceFirst("#[0-9]+$", ""));
        return Files.isRegularFile(file) ? file.toFile().length() : 0;
    }

    boolean known() {
        return rows > 0;
    }

    /** How sure the numbers are: a mark to put in front of them. */
    String about() {
        return exact ? "" : "about ";
    }
}
