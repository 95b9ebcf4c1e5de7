package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One recorded case: the padded rows of the reference as segments without padding, and what the reference computed from them. */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Golden(
        Path folder, SafeTensorsFile tensors, JsonNode json, long[] ids, int[] lengths, long[] rows, float[] weights)
        implements AutoCloseable {
    /** The case in {@code golden/<name>}, with the inputs of {@code golden/<inputs>}; skips the test where it is absent. */
    static Golden open(String name, String inputs) {
        Path folder = SharedReference.path("golden/" + name);
        try (SafeTensorsFile input =
                SafeTensorsFile.open(SharedReference.path("golden/" + inputs).resolve("golden.safetensors"))) {
            long[] mask = Torch.toLongs(input.tensor("attention_mask"));
            long[] ids = Torch.toLongs(input.tensor("input_ids"));
            long[] labels = Torch.toLongs(input.tensor("labels"));
            int width = input.info("input_ids").shape().get(1).intValue();
            List<Integer> lengths = new ArrayList<>();
            List<Integer> rows = new ArrayList<>();
            for (int i = 0; i < ids.length; i++) {
                if (i % width == 0) {
                    lengths.add(0);
                }
                if (mask[i] == 1) {
                    rows.add(i);
                    lengths.set(lengths.size() - 1, lengths.get(lengths.size() - 1) + 1);
                }
            }
            float[] weights = new float[rows.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = labels[rows.get(i)] == -100 ? 0 : 1;
            }
            return new Golden(
                    folder,
                    SafeTensorsFile.open(folder.resolve("golden.safetensors")),
                    new ObjectMapper().readTree(folder.resolve("golden.json").toFile()),
                    rows.stream().mapToLong(row -> ids[row]).toArray(),
                    lengths.stream().mapToInt(Integer::intValue).toArray(),
                    rows.stream().mapToLong(Integer::longValue).toArray(),
                    weights);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    TokenBatch batch() {
        return TokenBatch.of(ids, lengths);
    }

    /** The reference's [batch, width, columns] as [tokens, columns] without its padding. */
    Tensor unpadded(String name) {
        Tensor padded = tensors.tensor(name);
        return padded.reshape(-1, padded.size(2)).index_select(0, Torch.longs(rows));
    }

    /** Norm of the difference over the norm of the wanted. */
    static double relativeError(Tensor got, Tensor wanted) {
        return got.detach().sub(wanted).norm().item_double()
                / Math.max(wanted.norm().item_double(), 1e-12);
    }

    static double maxError(Tensor got, Tensor wanted) {
        return got.detach().sub(wanted).abs().max().item_double();
    }

    @Override
    public void close() {
        tensors.close();
    }
}
