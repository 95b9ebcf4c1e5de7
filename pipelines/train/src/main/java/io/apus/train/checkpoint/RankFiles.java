package io.apus.train.checkpoint;

import java.util.List;

/** What one rank wrote of a checkpoint. */
record RankFiles(List<StoredFile> files, List<StoredPiece> pieces) {
    RankFiles {
        files = List.copyOf(files);
        pieces = List.copyOf(pieces);
    }
}
