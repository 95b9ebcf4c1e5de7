package io.apus.train;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.method.GradientSample;
import io.apus.schemas.UserError;
import io.apus.train.order.RowTokens;
import io.apus.train.order.ShardBatches;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Gradients of a model's linears before anything is attached, over the rows that the run begins with; the same on every rank. */
final class FirstGradients {
    private FirstGradients() {}

    /** Means over the batches, by parameter name, in the caller's scope. */
    static Map<String, Tensor> of(DecoderModel model, GradientSample sample, TrainingData data) {
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        List<Parameter> linears = model.projections().values().stream()
                .map(slot -> slot.get().parameters())
                .flatMap(Collection::stream)
                .filter(parameter ->
                        parameter.shape().length == 2 && parameter.tensor().is_floating_point())
                .toList();
        linears.forEach(parameter -> parameter.trainable(true));
        int[] order = data.plan().order(0, data.rows()::length);
        for (int i = 0; i < sample.batches(); i++) {
            int first = i * sample.rows();
            int[] rows = IntStream.range(first, first + sample.rows())
                    .map(at -> order[at % order.length])
                    .toArray();
            add(model, rows, sample, data);
        }
        Map<String, Tensor> gradients = new TreeMap<>();
        linears.forEach(parameter -> {
            // Zeros of an expert that no token came to.
            gradients.put(parameter.name(), parameter.gradientBuffer());
            parameter.clearGradient();
            parameter.trainable(false);
        });
        return gradients;
    }

    private static void add(DecoderModel model, int[] rows, GradientSample sample, TrainingData data) {
        List<RowTokens> cut = Arrays.stream(rows)
                .mapToObj(row -> ShardBatches.read(data.rows(), new int[] {row}).first(sample.maxLength()))
                .toList();
        RowTokens all = RowTokens.join(cut);
        TokenBatch batch = TokenBatch.of(all.inputIds(), all.segmentLengths());
        double weight = LinearCrossEntropy.targetWeight(batch, all.lossWeights());
        if (weight == 0) {
            throw new UserError(
                    "Cannot take the gradients that init_weights lora-ga begins with",
                    "the first rows have no token to learn within lora_ga_max_length " + sample.maxLength(),
                    "Raise lora_ga_max_length or lora_ga_batch_size.");
        }
        LinearCrossEntropy loss = LinearCrossEntropy.of(batch, all.lossWeights(), 1 / (weight * sample.batches()));
        new Backpropagation(model, true).step(batch, loss, 0, GradientSink.none());
    }
}
