package io.apus.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.loop.LoopState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The files of a checkpoint: trained parameters, what the optimiser remembers, and how far the run has come.
 *
 * <p>No generator state is among them: order and dropout are drawn from numbers that depend on (seed, epoch) and (seed, step, pass) alone.
 */
final class StateFiles {
    private static final String PARAMETERS = "parameters.safetensors";
    private static final String OPTIMISER = "optimizer.safetensors";
    private static final String STATE = "trainer_state.json";
    private static final String RANDOMNESS = "SplitMix64: order from (seed, epoch), dropout from (seed, step, pass)";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private StateFiles() {}

    /**
     * @param seed of the run
     * @param randomness how random numbers come from it
     * @param epoch epochs done, with the fraction of the current one
     */
    private record SavedState(LoopState state, double epoch, long seed, String randomness) {}

    static void write(
            Path folder,
            Map<String, Tensor> parameters,
            Map<String, Tensor> optimiser,
            LoopState state,
            double epoch,
            long seed) {
        SafeTensorsWriter.write(folder.resolve(PARAMETERS), parameters, Map.of("format", "pt"));
        SafeTensorsWriter.write(folder.resolve(OPTIMISER), optimiser, Map.of("format", "pt"));
        try {
            SavedState saved = new SavedState(state, epoch, seed, RANDOMNESS);
            Files.write(folder.resolve(STATE), JSON.writeValueAsBytes(saved));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.resolve(STATE), e);
        }
    }

    /** Overwrites the given tensors with those of the checkpoint in {@code folder}. */
    static LoopState read(Path folder, Map<String, Tensor> parameters, Map<String, Tensor> optimiser) {
        overwrite(folder.resolve(PARAMETERS), parameters);
        overwrite(folder.resolve(OPTIMISER), optimiser);
        try {
            return JSON.readValue(folder.resolve(STATE).toFile(), SavedState.class)
                    .state();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.resolve(STATE), e);
        }
    }

    private static void overwrite(Path file, Map<String, Tensor> tensors) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                SafeTensorsFile saved = SafeTensorsFile.open(file)) {
            if (!saved.names().equals(tensors.keySet())) {
                throw mismatch(file, "it holds other tensors than this run trains");
            }
            tensors.forEach((name, tensor) -> {
                Tensor from = saved.tensor(name);
                if (!Arrays.equals(Torch.shape(from), Torch.shape(tensor))) {
                    throw mismatch(file, name + " has another shape than in this run");
                }
                if (DType.of(from) != DType.of(tensor)) {
                    throw mismatch(file, name + " has another type than in this run");
                }
                tensor.copy_(from);
            });
        }
    }

    private static UserError mismatch(Path file, String cause) {
        return new UserError(
                "Cannot resume from " + file,
                cause,
                "Remove the checkpoints or choose another output_dir to train anew.");
    }
}
