package io.apus.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.CheckpointStore;
import io.apus.train.checkpoint.Fingerprint;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Saving;
import io.apus.train.optimize.Optimiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Keeps and finds again what changes during a run. Rank 0 reads and writes; the other ranks get it from there. */
final class RunState implements Saving {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CheckpointStore store;
    private final Fingerprint fingerprint;
    private final Collectives collectives;
    private final SortedMap<String, Tensor> parameters;
    private final SortedMap<String, Tensor> optimiser;
    private final TrainTask task;
    private final TrainingData data;

    RunState(TrainTask task, TrainingData data, TrainedModel model, Optimiser optimiser, Collectives collectives) {
        this.store = new CheckpointStore(
                Path.of(task.output()).resolve("checkpoints"), task.train().saveTotalLimit());
        this.fingerprint = RunFacts.of(task);
        this.collectives = collectives;
        this.parameters = model.tensors();
        this.optimiser = remembered(model, optimiser);
        this.task = task;
        this.data = data;
    }

    /** What the optimiser and the tuner remember between steps. */
    private static SortedMap<String, Tensor> remembered(TrainedModel model, Optimiser optimiser) {
        SortedMap<String, Tensor> all = new TreeMap<>(optimiser.state());
        model.tuner().state(model.model()).forEach((name, tensor) -> all.put("tuner." + name, tensor));
        return all;
    }

    /** Takes up the newest checkpoint, or the start of the run when there is none; afterwards all ranks hold the same. */
    LoopState restore() {
        byte[] own = collectives.rank() == 0 ? bytes(read()) : new byte[0];
        LoopState state = parse(collectives.allGather(own).get(0));
        if (task.train().parallelPlan().zero() == 0) {
            parameters.values().forEach(tensor -> collectives.broadcast(tensor, 0));
        }
        if (state.step() > 0) {
            optimiser.values().forEach(tensor -> collectives.broadcast(tensor, 0));
        }
        return state;
    }

    private LoopState read() {
        Optional<Integer> newest = store.newest();
        if (newest.isPresent() && task.train().parallelPlan().zero() > 0) {
            throw new UserError(
                    "Cannot resume",
                    "the ranks keep parts of what the checkpoint holds whole",
                    "Leave deepspeed out, or choose another output_dir to train anew.");
        }
        return newest.isEmpty()
                ? LoopState.start()
                : StateFiles.read(store.verified(newest.get(), fingerprint), parameters, optimiser);
    }

    @Override
    public Path save(LoopState state) {
        if (collectives.rank() == 0) {
            double epoch = data.plan().epochsAfter(state.step());
            store.save(
                    state.step(),
                    fingerprint,
                    folder -> StateFiles.write(folder, parameters, optimiser, state, epoch, task.seed()));
        }
        collectives.barrier();
        return store.path(state.step());
    }

    private static byte[] bytes(LoopState state) {
        try {
            return JSON.writeValueAsBytes(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LoopState parse(byte[] bytes) {
        try {
            return JSON.readValue(bytes, LoopState.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
