package io.apus.train.parallel.pipeline;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.Passage;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * One stage of a pipeline: after as many micro-batches forward as there are stages behind it, it takes turns between one forward and one
 * backward (Narayanan et al., "Efficient Large-Scale Language Model Training on GPU Clusters Using Megatron-LM", 2021), so that of n
 * stages the first keeps the activations of n micro-batches at most.
 *
 * <p>Where the load of experts is balanced, over all layers together, what the routers have counted travels with the states, and what all stages'
 * have counted comes back with the gradient: each stage goes back through its own routers.
 */
final class OneForwardOneBackward implements Passing {
    private final DecoderModel model;
    private final Backpropagation backpropagation;
    private final int stage;
    private final int behind;
    private final int experts;
    private final boolean learns;
    private final Border border;
    private final Deque<Flight> alive = new ArrayDeque<>();
    private int mostAlive;

    OneForwardOneBackward(DecoderModel model, Backpropagation backpropagation, Collectives stages) {
        this.model = model;
        this.backpropagation = backpropagation;
        this.stage = stages.rank();
        this.behind = stages.size() - 1 - stage;
        this.experts = experts(model);
        this.learns = learns(model);
        this.border = new Border(stages, model);
    }

    /** Of the mixtures of all stages, which have as many each. */
    private static int experts(DecoderModel model) {
        return model.config().described().blocks().stream()
                .filter(block -> block.mlp() instanceof MixtureOfExperts)
                .mapToInt(block -> ((MixtureOfExperts) block.mlp()).experts().count())
                .findFirst()
                .orElse(0);
    }

    /** A micro-batch that has gone forward and not back. */
    private record Flight(Pass pass, Passage passage) {}

    @Override
    public LossStatistics train(int count, IntFunction<Pass> passes, IntFunction<GradientSink> sinks) {
        LossStatistics sum = LossStatistics.ZERO;
        int ahead = Math.min(count, behind);
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < count + ahead; i++) {
                if (i < count) {
                    forward(passes.apply(i));
                }
                if (i >= ahead) {
                    sum = sum.plus(backward(alive.remove(), sinks.apply(i - ahead)));
                }
            }
            border.settle();
        } finally {
            alive.forEach(flight -> flight.passage().close());
            alive.clear();
        }
        return sum;
    }

    private void forward(Pass pass) {
        int rows = backpropagation.rows(pass.tokens());
        if (stage > 0) {
            // Weights that are spread come together while the stage before computes.
            model.use().next(1, false);
        }
        Tensor arrived = stage == 0 ? null : border.receive(rows, stage - 1);
        Passage passage = backpropagation.forward(pass.tokens(), arrived, pass.routers(), pass.seed());
        alive.add(new Flight(pass, passage));
        mostAlive = Math.max(mostAlive, alive.size());
        if (stage > 0 && pass.routers().wanted()) {
            passage.addRouted(border.receiveNumbers(balanceNumbers(), stage - 1));
        }
        if (behind > 0) {
            Tensor states = passage.take();
            border.send(states, stage + 1);
            Scope.release(states);
            if (pass.routers().wanted()) {
                border.sendNumbers(passage.routed(experts), stage + 1);
            }
        }
    }

    private int balanceNumbers() {
        return 2 * experts + 2;
    }

    private LossStatistics backward(Flight flight, GradientSink sink) {
        try (Scope scope = Scope.open();
                Passage passage = flight.passage()) {
            LossStatistics statistics = LossStatistics.ZERO;
            Tensor gradient = null;
            if (behind == 0) {
                Backpropagation.Top top =
                        backpropagation.top(passage, flight.pass().loss(), sink);
                statistics = top.statistics();
                gradient = top.gradient();
            } else if (learns) {
                model.use().next(model.blocks().size(), true);
                gradient = border.receive(backpropagation.rows(flight.pass().tokens()), stage + 1);
                if (flight.pass().routers().wanted()) {
                    passage.balance(border.receiveNumbers(balanceNumbers(), stage + 1));
                }
            }
            Tensor before = backpropagation.backward(passage, gradient, sink);
            if (model.stretch().learnsBefore()) {
                border.send(before, stage - 1);
                if (flight.pass().routers().wanted()) {
                    border.sendNumbers(passage.routed(experts), stage - 1);
                }
            }
            return statistics;
        }
    }

    /** Whether anything is ever trained up to the end of this stage: layers may take turns later. */
    private static boolean learns(DecoderModel model) {
        return model.stretch().learnsBefore()
                || model.parameters().values().stream().anyMatch(Parameter::trainable);
    }

    /** Where anything is gathered or summed within passes, all replicas make the same ones. */
    @Override
    public void idle(GradientSink sink) {}

    @Override
    public void idle() {}

    @Override
    public Optional<Tensor> hidden(TokenBatch batch) {
        Tensor arrived = stage == 0 ? null : border.receive(backpropagation.rows(batch), stage - 1);
        Tensor states = model.passed(batch, arrived);
        if (behind == 0) {
            return Optional.of(states);
        }
        border.send(states, stage + 1);
        border.settle();
        return Optional.empty();
    }

    /** Most micro-batches whose activations were kept at a time. */
    int mostAlive() {
        return mostAlive;
    }
}
