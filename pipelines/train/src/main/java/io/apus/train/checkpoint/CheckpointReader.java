package io.apus.train.checkpoint;

import io.apus.shards.Sha256;
import io.apus.tensor.DType;
import io.apus.train.storage.Storage;
import io.apus.train.storage.StoredBytes;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Reads one committed checkpoint, whatever the layout of those who wrote it. */
final class CheckpointReader {
    private final Storage storage;
    private final String folder;
    private final Map<String, StoredFile> files = new TreeMap<>();
    private final Map<String, List<StoredPiece>> tensors = new TreeMap<>();

    CheckpointReader(Storage storage, CheckpointManifest manifest) {
        this.storage = storage;
        this.folder = CheckpointStore.folder(manifest.step());
        manifest.files().forEach(file -> files.put(file.path(), file));
        manifest.pieces().forEach(piece -> tensors.computeIfAbsent(
                        key(piece.section(), piece.piece().name()), name -> new ArrayList<>())
                .add(piece));
    }

    private static String key(String section, String tensor) {
        return section + "/" + tensor;
    }

    /** What is wrong with the bytes of some files. */
    List<String> damage(Collection<StoredFile> some) throws IOException {
        List<String> damage = new ArrayList<>();
        for (StoredFile file : some) {
            damage(file).ifPresent(damage::add);
        }
        return damage;
    }

    private Optional<String> damage(StoredFile file) throws IOException {
        try (StoredBytes bytes = storage.open(folder + "/" + file.path())) {
            if (bytes.size() != file.bytes()) {
                return Optional.of(file.path() + " was changed: it has " + bytes.size() + " bytes, the manifest says "
                        + file.bytes());
            }
            String found = digest(bytes);
            return found.equals(file.sha256())
                    ? Optional.empty()
                    : Optional.of(file.path() + " was changed: its SHA-256 is " + found + ", the manifest says "
                            + file.sha256());
        } catch (NoSuchFileException | FileNotFoundException e) {
            return Optional.of(file.path() + " is missing");
        } catch (EOFException e) {
            return Optional.of(file.path() + " ends early");
        }
    }

    private static String digest(StoredBytes bytes) throws IOException {
        MessageDigest digest = Sha256.digest();
        ByteBuffer chunk = ByteBuffer.allocate(StoredFile.CHUNK);
        for (long at = 0; at < bytes.size(); at += StoredFile.CHUNK) {
            chunk.clear().limit((int) Math.min(StoredFile.CHUNK, bytes.size() - at));
            bytes.read(at, chunk);
            digest.update(chunk.flip());
        }
        return Sha256.hex(digest);
    }

    /** Why some tensors cannot be had from this checkpoint, if so; nothing but the manifest is looked at. */
    List<String> misfits(String section, List<HeldPiece> wanted) {
        List<String> misfits = new ArrayList<>();
        for (HeldPiece one : wanted) {
            misfit(stored(section, one), one).ifPresent(misfits::add);
        }
        return misfits;
    }

    private List<StoredPiece> stored(String section, HeldPiece one) {
        return tensors.getOrDefault(key(section, one.piece().name()), List.of());
    }

    private static Optional<String> misfit(List<StoredPiece> stored, HeldPiece one) {
        Piece piece = one.piece();
        if (stored.isEmpty()) {
            return Optional.of(piece.name() + " is not in it");
        }
        List<Long> shape = sizes(stored.get(0).piece().shape());
        if (!shape.equals(sizes(piece.shape()))) {
            return Optional.of(piece.name() + " has another shape than in this run: it was " + shape + ", is "
                    + sizes(piece.shape()));
        }
        DType dtype = DType.of(one.tensor());
        return stored.stream()
                .filter(other -> other.dtype() != dtype)
                .findFirst()
                .map(other ->
                        piece.name() + " has another type than in this run: it was " + other.dtype() + ", is " + dtype);
    }

    private static List<Long> sizes(long[] shape) {
        return LongStream.of(shape).boxed().toList();
    }

    /** Overwrites the wanted tensors; only bytes that they share with the stored pieces are read. */
    void fill(String section, List<HeldPiece> wanted) throws IOException {
        try (OpenFiles open = new OpenFiles()) {
            for (HeldPiece one : wanted) {
                try (Destination destination = Destination.of(one)) {
                    long filled = 0;
                    for (StoredPiece stored : stored(section, one)) {
                        filled += copy(stored, one.piece(), destination, open);
                    }
                    if (filled != one.piece().count()) {
                        throw new IOException("only " + filled + " elements of " + one.piece() + " are stored");
                    }
                    destination.done();
                }
            }
        }
    }

    private static long copy(StoredPiece stored, Piece wanted, Destination destination, OpenFiles open)
            throws IOException {
        List<long[]> stretches = new ArrayList<>();
        Overlap.visit(wanted, stored.piece(), (to, from, length) -> stretches.add(new long[] {to, from, length}));
        long element = stored.dtype().bytes();
        long copied = 0;
        for (long[] stretch : stretches) {
            VerifiedFile file = open.file(stored.file());
            destination.fill(stretch[0] * element, stretch[2] * element, file, stored.begin() + stretch[1] * element);
            copied += stretch[2];
        }
        return copied;
    }

    /** Files that are opened when they are first needed. */
    private final class OpenFiles implements AutoCloseable {
        private final Map<String, VerifiedFile> opened = new TreeMap<>();

        VerifiedFile file(String path) throws IOException {
            if (!opened.containsKey(path)) {
                opened.put(path, VerifiedFile.open(storage, folder, files.get(path)));
            }
            return opened.get(path);
        }

        @Override
        public void close() throws IOException {
            for (VerifiedFile file : opened.values()) {
                file.close();
            }
        }
    }
}
