package io.apus.bench.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.HeadLoss;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** One model with its optimiser and the parts of a training step, each callable by itself. */
final class TrainStep implements AutoCloseable {
    private static final double LEARNING_RATE = 1e-5;

    private final DecoderModel model;
    private final Batch batch;
    private final List<Parameter> parameters;
    private final Optimiser optimiser;
    private final Tensor hidden;

    TrainStep(ModelSize size, int tokens) {
        model = DecoderModel.random(size.config(), 1);
        batch = Batch.of(tokens, size.vocabSize());
        parameters = List.copyOf(model.parameters().values());
        parameters.forEach(parameter -> parameter.trainable(true));
        optimiser = Optimisers.of(parameters, new JsonMapper().convertValue(Map.of(), TrainSpec.class));
        try (Scope scope = Scope.open()) {
            hidden = Scope.own(Torch.zeros(tokens, size.hiddenSize()).normal_());
        }
    }

    /** Forward, backward, optimiser; returns the mean loss. */
    double whole(boolean checkpointed) {
        double loss;
        try (Scope scope = Scope.open()) {
            TokenBatch tensors = batch.tensors();
            loss = new Backpropagation(model, checkpointed)
                    .step(tensors, loss(tensors), 0, GradientSink.none())
                    .meanLoss();
        }
        update();
        clearGradients();
        return loss;
    }

    /** The head, its loss and their gradients alone. */
    double headAndLoss() {
        try (Scope scope = Scope.open()) {
            return loss(batch.tensors())
                    .apply(hidden, model.head())
                    .statistics()
                    .meanLoss();
        }
    }

    private HeadLoss loss(TokenBatch tensors) {
        double targets = LinearCrossEntropy.targetWeight(tensors, batch.weights());
        return LinearCrossEntropy.of(tensors, batch.weights(), 1 / targets);
    }

    /** The optimiser alone. */
    double update() {
        optimiser.step(LEARNING_RATE);
        return 0;
    }

    private void clearGradients() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (Parameter parameter : parameters) {
                parameter.gradientBuffer().zero_();
            }
        }
    }

    DecoderModel model() {
        return model;
    }

    Batch batch() {
        return batch;
    }

    @Override
    public void close() {
        Scope.release(hidden);
        optimiser.close();
        model.close();
    }
}
