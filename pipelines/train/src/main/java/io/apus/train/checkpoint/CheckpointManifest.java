package io.apus.train.checkpoint;

import io.apus.schemas.manifest.Manifest.FileEntry;
import java.util.List;

/**
 * What a checkpoint consists of; written after everything else.
 *
 * @param format version of this layout
 * @param step steps done
 * @param fingerprint what decided the run
 * @param files every other file of the checkpoint
 */
record CheckpointManifest(int format, int step, Fingerprint fingerprint, List<FileEntry> files) {
    static final int FORMAT = 1;
    static final String NAME = "manifest.json";
}
