package io.apus.train;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.CheckpointSpec;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.Checkpoint;
import io.apus.train.checkpoint.CheckpointSaver;
import io.apus.train.checkpoint.Fingerprint;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Saving;
import io.apus.train.storage.Storage;
import io.apus.train.storage.Storages;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps and finds again what changes during a run: every rank calls it alike, and writes and reads its part. */
final class RunState implements Saving, AutoCloseable {
    private final TrainTask task;
    private final TrainingData data;
    private final SortedMap<String, ShardedState> sections;
    private final Collectives collectives;
    private final Storages storages;
    private final Storage storage;
    private final Fingerprint fingerprint;
    private final CheckpointSaver saver;

    RunState(
            TrainTask task,
            TrainingData data,
            SortedMap<String, ShardedState> sections,
            Collectives collectives,
            Storages storages) {
        this.task = task;
        this.data = data;
        this.sections = new TreeMap<>(sections);
        this.collectives = collectives;
        this.storages = storages;
        this.storage = storages.at(task.checkpoints());
        this.fingerprint = RunFacts.of(task);
        this.saver = new CheckpointSaver(
                storage, task.train().saveTotalLimit(), collectives, options().asyncSave());
        requireLinks();
    }

    private CheckpointSpec options() {
        return task.train().checkpoint();
    }

    private void requireLinks() {
        if (options().createCheckpointSymlink() && CheckpointSpec.isUri(task.checkpoints())) {
            throw new UserError(
                    "Cannot link checkpoints",
                    task.checkpoints() + " is on a file system without links",
                    "Leave create_checkpoint_symlink out, or give checkpoint_dir a local path.");
        }
    }

    /** Takes up where the run begins; afterwards all ranks hold the same. */
    LoopState restore() {
        return resumption().begin();
    }

    private Resumption resumption() {
        return new Resumption(task, storage, storages, sections, collectives);
    }

    /** Puts the weights of the best checkpoint in the place of those at {@code end}, if wanted and there is one. */
    void takeBest(LoopState end) {
        if (options().loadBestModelAtEnd() && end.best() != null && end.best().step() != end.step()) {
            best(end.best().step())
                    .orElseThrow(() -> new UserError(
                            "Cannot load the best model",
                            saver.location(end.best().step()) + " is gone",
                            "Train again without load_best_model_at_end to keep the last weights."))
                    .load(sections);
        }
    }

    /** It may be of the course that this run goes on with. */
    private Optional<Checkpoint> best(int step) {
        Optional<Checkpoint> own = Checkpoint.at(step, storage, collectives);
        return own.isPresent() || options().resumeFromCheckpoint() == null
                ? own
                : resumption().beside(step);
    }

    @Override
    public void save(LoopState state) {
        double epoch = data.plan().epochsAfter(state.step());
        OptionalInt best = state.best() == null
                ? OptionalInt.empty()
                : OptionalInt.of(state.best().step());
        saver.begin(state.step(), fingerprint, KeptState.of(state, epoch, task).json(), best, sections);
    }

    @Override
    public List<Saved> saved() {
        return told(saver.committed());
    }

    @Override
    public List<Saved> finish(LoopState end) {
        List<Saved> last = told(saver.finish());
        if (options().createCheckpointSymlink() && collectives.rank() == 0) {
            CheckpointLinks.make(Path.of(task.checkpoints()), end);
        }
        return last;
    }

    private List<Saved> told(List<Integer> steps) {
        return steps.stream().map(step -> new Saved(step, saver.location(step))).toList();
    }

    @Override
    public void close() {
        saver.close();
    }
}
