package io.apus.train.parallel.pipeline;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LossStatistics;
import io.apus.tensor.collective.Collectives;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** How micro-batches go through the layers of a replica, whoever has them. All ranks of a replica make the same calls. */
public interface Passing {
    /**
     * Adds the gradients of {@code count} micro-batches.
     *
     * @param passes gives each one, in order, in the caller's scope
     * @param sinks who is told of the gradients that each one completes, asked in order
     * @return what is known here: nothing where the head is elsewhere
     */
    LossStatistics train(int count, IntFunction<Pass> passes, IntFunction<GradientSink> sinks);

    /** Stands by while another replica has a micro-batch more. */
    void idle(GradientSink sink);

    /** Stands by while another replica looks for hidden states of a batch more. */
    void idle();

    /** Final hidden states of a batch, [tokens, hiddenSize], without a graph; empty where the head is elsewhere. */
    Optional<Tensor> hidden(TokenBatch batch);

    /**
     * A rank's.
     *
     * @param stages the ranks that share the layers of {@code model}, in the layers' order
     */
    static Passing of(DecoderModel model, Backpropagation backpropagation, Collectives stages) {
        return stages.size() == 1
                ? new OneByOne(model, backpropagation)
                : new OneForwardOneBackward(model, backpropagation, stages);
    }
}
