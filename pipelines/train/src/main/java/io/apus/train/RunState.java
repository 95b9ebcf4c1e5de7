package io.apus.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.Checkpoint;
import io.apus.train.checkpoint.CheckpointSaver;
import io.apus.train.checkpoint.Fingerprint;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Saving;
import io.apus.train.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps and finds again what changes during a run: every rank calls it alike, and writes and reads its part. */
final class RunState implements Saving, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RANDOMNESS = "SplitMix64: order from (seed, epoch), dropout from (seed, step, pass)";

    private final Storage storage;
    private final Fingerprint fingerprint;
    private final Collectives collectives;
    private final SortedMap<String, ShardedState> sections;
    private final CheckpointSaver saver;
    private final TrainTask task;
    private final TrainingData data;

    /**
     * Beside the tensors, a checkpoint keeps no generator state: order and dropout are drawn from numbers that depend on (seed, epoch) and
     * (seed, step, pass) alone.
     *
     * @param epoch epochs done, with the fraction of the current one
     * @param randomness how random numbers come from the seed
     */
    private record Kept(LoopState loop, double epoch, long seed, String randomness) {}

    RunState(
            TrainTask task,
            TrainingData data,
            SortedMap<String, ShardedState> sections,
            Collectives collectives,
            Storage storage) {
        this.storage = storage;
        this.fingerprint = RunFacts.of(task);
        this.collectives = collectives;
        this.sections = new TreeMap<>(sections);
        boolean background = task.train().checkpoint().asyncSave();
        this.saver = new CheckpointSaver(storage, task.train().saveTotalLimit(), collectives, background);
        this.task = task;
        this.data = data;
    }

    /** Takes up the newest checkpoint, or the start of the run when there is none; afterwards all ranks hold the same. */
    LoopState restore() {
        Optional<Checkpoint> newest = Checkpoint.newest(storage, collectives);
        if (newest.isEmpty()) {
            sections.get(StateSections.PARAMETERS).filled();
            return LoopState.start();
        }
        fingerprint.requireSame(newest.get().fingerprint(), newest.get().location());
        newest.get().load(sections);
        return parse(newest.get().state()).loop();
    }

    @Override
    public void save(LoopState state) {
        double epoch = data.plan().epochsAfter(state.step());
        JsonNode kept = JSON.valueToTree(new Kept(state, epoch, task.seed(), RANDOMNESS));
        saver.begin(state.step(), fingerprint, kept, OptionalInt.empty(), sections);
    }

    @Override
    public List<Saved> saved() {
        return told(saver.committed());
    }

    @Override
    public List<Saved> finish() {
        return told(saver.finish());
    }

    private List<Saved> told(List<Integer> steps) {
        return steps.stream().map(step -> new Saved(step, saver.location(step))).toList();
    }

    private static Kept parse(JsonNode state) {
        try {
            return JSON.treeToValue(state, Kept.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verified checkpoint holds a state", e);
        }
    }

    @Override
    public void close() {
        saver.close();
    }
}
