package io.apus.train;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.CheckpointSpec;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.Checkpoint;
import io.apus.train.checkpoint.CheckpointFolder;
import io.apus.train.checkpoint.Fingerprint;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.loop.LoopState;
import io.apus.train.storage.Storage;
import io.apus.train.storage.Storages;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Where a run begins: at its own newest checkpoint, at one that it was given, or at the start. Every rank decides alike.
 *
 * @param own where the run's checkpoints lie
 * @param sections what they hold
 */
record Resumption(
        TrainTask task,
        Storage own,
        Storages storages,
        SortedMap<String, ShardedState> sections,
        Collectives collectives) {
    /** Overwrites all tensors with those of where the run begins; returns the state there. */
    LoopState begin() {
        Optional<Checkpoint> newest = Checkpoint.newest(own, collectives);
        Optional<Checkpoint> given = given(newest);
        if (given.isPresent()) {
            return take(given.get());
        }
        if (newest.isPresent()) {
            require(newest.get(), name -> false);
            newest.get().load(sections);
            return KeptState.of(newest.get()).loop();
        }
        sections.get(StateSections.PARAMETERS).filled();
        return LoopState.start();
    }

    /** The checkpoint that the run was told to begin at, unless it has done so before and come further. */
    private Optional<Checkpoint> given(Optional<Checkpoint> newest) {
        String location = options().resumeFromCheckpoint();
        if (location == null
                || newest.map(KeptState::of)
                        .filter(state -> location.equals(state.resumedFrom()))
                        .isPresent()) {
            return Optional.empty();
        }
        CheckpointFolder folder = CheckpointFolder.of(location);
        Checkpoint found = beside(folder.step())
                .orElseThrow(() -> new UserError(
                        "Cannot resume from " + location,
                        "there is no checkpoint that was written completely",
                        "Check resume_from_checkpoint."));
        if (newest.isPresent() && !newest.get().location().equals(found.location())) {
            throw new UserError(
                    "Cannot resume from " + location,
                    own.location() + " holds checkpoints of another course, up to step "
                            + newest.get().step(),
                    "Remove them or choose another output_dir; without resume_from_checkpoint the run goes on from them.");
        }
        return Optional.of(found);
    }

    /** The checkpoint of {@code step} in the folder of the one that the run was told to begin at, if it is there. */
    Optional<Checkpoint> beside(int step) {
        CheckpointFolder folder = CheckpointFolder.of(options().resumeFromCheckpoint());
        return Checkpoint.at(step, storages.at(folder.parent()), collectives);
    }

    private LoopState take(Checkpoint checkpoint) {
        if (!options().resumeOnlyModel()) {
            require(checkpoint, name -> false);
            checkpoint.load(sections);
            return reachable(checkpoint);
        }
        require(checkpoint, this::irrelevantToWeights);
        SortedMap<String, ShardedState> weights = new TreeMap<>(sections);
        weights.remove(StateSections.OPTIMISER);
        checkpoint.load(weights);
        return options().ignoreDataSkip() ? LoopState.start() : reachable(checkpoint);
    }

    /** Its state, without a best checkpoint that does not lie beside it: at its own beginning the run may have come from another folder. */
    private LoopState reachable(Checkpoint checkpoint) {
        LoopState state = KeptState.of(checkpoint).loop();
        boolean gone = state.best() != null && beside(state.best().step()).isEmpty();
        return gone ? state.withBest(null) : state;
    }

    /** Weights alone need the same model and tuner; the place in the data also the same data and order. */
    private boolean irrelevantToWeights(String fact) {
        if (fact.startsWith("model") || fact.startsWith("tuner.")) {
            return false;
        }
        return options().ignoreDataSkip() || !RunFacts.ORDER.contains(fact);
    }

    private void require(Checkpoint checkpoint, Predicate<String> irrelevant) {
        Fingerprint now = RunFacts.of(task);
        now.requireSame(checkpoint.fingerprint(), checkpoint.location(), irrelevant.or(this::allowed));
    }

    /** What explains a fact that may differ may differ too. */
    private boolean allowed(String fact) {
        return options().resumeAllowChanges().stream()
                .anyMatch(name -> fact.equals(name) || fact.startsWith(name + Fingerprint.EXPLAINS));
    }

    private CheckpointSpec options() {
        return task.train().checkpoint();
    }
}
