package io.apus.train.parallel.pipeline;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LossStatistics;
import io.apus.tensor.Scope;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** Every layer is here. */
record OneByOne(DecoderModel model, Backpropagation backpropagation) implements Passing {
    @Override
    public LossStatistics train(int count, IntFunction<Pass> passes, IntFunction<GradientSink> sinks) {
        LossStatistics sum = LossStatistics.ZERO;
        for (int i = 0; i < count; i++) {
            try (Scope scope = Scope.open()) {
                Pass pass = passes.apply(i);
                GradientSink sink = sinks.apply(i);
                sum = sum.plus(backpropagation.step(pass.tokens(), pass.loss(), pass.routers(), pass.seed(), sink));
            }
        }
        return sum;
    }

    @Override
    public void idle(GradientSink sink) {
        backpropagation.idle(sink);
    }

    @Override
    public void idle() {
        model.idle();
    }

    @Override
    public Optional<Tensor> hidden(TokenBatch batch) {
        return Optional.of(model.hidden(batch, null));
    }
}
