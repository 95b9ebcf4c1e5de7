package io.apus.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a checkpoint consists of; written after everything else, which commits it.
 *
 * @param format version of this layout
 * @param step steps done
 * @param fingerprint what decided the run
 * @param state how far the run has come, as the trainer keeps it
 * @param files every other file of the checkpoint
 * @param pieces where each piece of each tensor lies in them; together they are every element of every tensor, once
 */
record CheckpointManifest(
        int format,
        int step,
        Fingerprint fingerprint,
        JsonNode state,
        List<StoredFile> files,
        List<StoredPiece> pieces) {
    static final int FORMAT = 2;
    static final String NAME = "manifest.json";

    CheckpointManifest {
        files = List.copyOf(files);
        pieces = List.copyOf(pieces);
    }
}
