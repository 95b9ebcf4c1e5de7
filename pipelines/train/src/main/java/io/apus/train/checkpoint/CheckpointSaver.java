package io.apus.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.tensor.collective.Collectives;
import io.apus.train.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes checkpoints, each rank what it holds. In the background, if wanted: training goes on with a copy being written, and the ranks ask
 * each other between steps how far they are, so that the thread that trains is the only one that talks to other ranks.
 *
 * <p>One checkpoint at a time. An error on any rank is thrown on all, by the next call that asks.
 */
public final class CheckpointSaver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Who waits for slow writing asks this often, so that ranks that are done do not take it for a rank that is lost. */
    private static final long PULSE_MILLIS = 250;

    private static final long UNDER_WAY = 0;
    private static final long DONE = 1;
    private static final long FAILED = 2;

    private final CheckpointStore store;
    private final Collectives collectives;
    private final Optional<Staging> staging;
    private final BackgroundWork work;
    private final String attempt;
    private final List<Integer> committed = new ArrayList<>();
    private Pending pending;

    /** A checkpoint under way. {@code committing}: all files of all ranks are written. */
    private record Pending(int step, Fingerprint fingerprint, JsonNode state, OptionalInt best, boolean committing) {
        Pending written() {
            return new Pending(step, fingerprint, state, best, true);
        }
    }

    /**
     * Every rank makes one.
     *
     * @param totalLimit how many checkpoints to keep; null keeps all
     * @param background whether to return before they are written
     */
    public CheckpointSaver(Storage storage, Integer totalLimit, Collectives collectives, boolean background) {
        this.store = new CheckpointStore(storage, totalLimit);
        this.collectives = collectives;
        this.staging = background ? Optional.of(new Staging()) : Optional.empty();
        this.work = new BackgroundWork("checkpoint-writer-" + collectives.rank());
        byte[] name = UUID.randomUUID().toString().substring(0, 8).getBytes(StandardCharsets.UTF_8);
        this.attempt = new String(collectives.allGather(name).get(0), StandardCharsets.UTF_8);
    }

    /** The folder of a step's checkpoint, as a person would write it. */
    public String location(int step) {
        return store.location(step);
    }

    /**
     * Begins a checkpoint, after the one before it has been committed. Every rank calls it after the same step.
     *
     * @param state kept beside the tensors
     * @param best step of a checkpoint that is never removed
     */
    public void begin(
            int step,
            Fingerprint fingerprint,
            JsonNode state,
            OptionalInt best,
            SortedMap<String, ShardedState> sections) {
        settle(true);
        SortedMap<String, List<HeldPiece>> held = new TreeMap<>();
        sections.forEach((name, section) -> held.put(name, section.written()));
        SortedMap<String, List<HeldPiece>> pieces =
                staging.map(copies -> copies.copy(held)).orElse(held);
        RankWriter writer = new RankWriter(
                store.storage(), CheckpointStore.folder(step), attempt, collectives.rank(), collectives.size());
        pending = new Pending(step, fingerprint, state, best, false);
        work.start(() -> JSON.writeValueAsBytes(writer.write(pieces)));
        if (staging.isEmpty()) {
            settle(true);
        }
    }

    /** Steps whose checkpoints were committed since the last call. Every rank calls it, after the same step. */
    public List<Integer> committed() {
        settle(false);
        List<Integer> steps = List.copyOf(committed);
        committed.clear();
        return steps;
    }

    /** As {@link #committed()}, once nothing is under way any more. */
    public List<Integer> finish() {
        settle(true);
        return committed();
    }

    private void settle(boolean wait) {
        while (pending != null && allDone(wait)) {
            if (pending.committing()) {
                committed.add(pending.step());
                pending = null;
            } else {
                commit(collectives.allGather(work.result()));
            }
        }
    }

    /** Whether the present work of all ranks is done; if {@code wait}, once it is. */
    private boolean allDone(boolean wait) {
        List<Long> all;
        do {
            if (wait) {
                work.await(PULSE_MILLIS);
            }
            all = told();
        } while (wait && all.contains(UNDER_WAY));
        return !all.contains(UNDER_WAY);
    }

    /** How far each rank is; an error of one is thrown on all. */
    private List<Long> told() {
        // Asked once: what ends between two questions would be taken for done though it failed.
        boolean done = work.done();
        Optional<Throwable> failure = done ? work.failure() : Optional.empty();
        long own = failure.isPresent() ? FAILED : done ? DONE : UNDER_WAY;
        List<Long> all = collectives.allGather(new long[] {own}).stream()
                .map(rank -> rank[0])
                .toList();
        if (all.contains(FAILED)) {
            String where = "cannot write the checkpoint of step " + pending.step() + " to "
                    + store.storage().location();
            pending = null;
            Agreement.require(collectives, failure.map(e -> new IOException(where + ": " + e, e)));
        }
        return all;
    }

    /** All ranks have written: rank 0 commits, unless the pieces are not the whole. */
    private void commit(List<byte[]> records) {
        List<StoredFile> files = new ArrayList<>();
        List<StoredPiece> pieces = new ArrayList<>();
        for (byte[] record : records) {
            RankFiles rank = parse(record);
            files.addAll(rank.files());
            pieces.addAll(rank.pieces());
        }
        requireWhole(pieces);
        CheckpointManifest manifest = new CheckpointManifest(
                CheckpointManifest.FORMAT, pending.step(), pending.fingerprint(), pending.state(), files, pieces);
        OptionalInt best = pending.best();
        pending = pending.written();
        work.start(() -> {
            if (collectives.rank() == 0) {
                store.commit(manifest, best);
            }
            return new byte[0];
        });
    }

    private static RankFiles parse(byte[] record) {
        try {
            return JSON.readValue(record, RankFiles.class);
        } catch (IOException e) {
            throw new IllegalStateException("a rank's record is plain data", e);
        }
    }

    private void requireWhole(List<StoredPiece> pieces) {
        Map<String, List<Piece>> tensors = new TreeMap<>();
        pieces.forEach(piece -> tensors.computeIfAbsent(
                        piece.section() + "/" + piece.piece().name(), name -> new ArrayList<>())
                .add(piece.piece()));
        List<String> faults = new ArrayList<>();
        tensors.values().forEach(all -> Coverage.fault(all).ifPresent(faults::add));
        if (!faults.isEmpty()) {
            int step = pending.step();
            pending = null;
            throw new IllegalStateException(
                    "the checkpoint of step " + step + " is not whole: " + String.join("; ", faults));
        }
    }

    /** Ends the writing that is still under way, which commits nothing. */
    @Override
    public void close() {
        if (work.close()) {
            staging.ifPresent(Staging::release);
        }
    }
}
