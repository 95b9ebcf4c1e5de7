package io.apus.train.checkpoint;

import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.train.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes one rank's files of a checkpoint: a safetensors file for each section that it holds something of.
 *
 * @param storage where checkpoints lie
 * @param folder of this one
 * @param attempt part of every file's name; no two processes that write the same checkpoint, now or later, have the same
 */
record RankWriter(Storage storage, String folder, String attempt, int rank, int size) {
    RankFiles write(SortedMap<String, List<HeldPiece>> sections) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        List<StoredPiece> pieces = new ArrayList<>();
        for (Map.Entry<String, List<HeldPiece>> section : sections.entrySet()) {
            if (!section.getValue().isEmpty()) {
                files.add(tensors(section.getKey(), section.getValue(), pieces));
            }
        }
        return new RankFiles(files, pieces);
    }

    private StoredFile tensors(String section, List<HeldPiece> held, List<StoredPiece> pieces) throws IOException {
        String file = String.format(Locale.ROOT, "%s-%05d-of-%05d-%s.safetensors", section, rank + 1, size, attempt);
        Map<String, Tensor> tensors = new TreeMap<>();
        List<String> keys = new ArrayList<>();
        for (HeldPiece one : held) {
            String key = key(one.piece());
            keys.add(key);
            if (tensors.put(key, one.tensor()) != null) {
                throw new IllegalStateException("written twice by rank " + rank + ": " + one.piece());
            }
        }
        try (DigestChannel channel = new DigestChannel(storage.create(folder + "/" + file))) {
            Map<String, Long> begins = SafeTensorsWriter.write(channel, tensors, Map.of("format", "pt"));
            for (int i = 0; i < held.size(); i++) {
                DType dtype = DType.of(held.get(i).tensor());
                pieces.add(new StoredPiece(section, held.get(i).piece(), dtype, file, begins.get(keys.get(i))));
            }
            return channel.described(file);
        }
    }

    /** The tensor's own name where it is whole, so that other readers of the format find what they know. */
    private static String key(Piece piece) {
        boolean whole = piece.count() == Piece.count(piece.shape());
        return whole ? piece.name() : piece.toString();
    }
}
