package io.apus.train.optimize;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.optimize.rule.Memory;
import io.apus.train.optimize.rule.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Moves each parameter, or part of one, by a rule of its own. */
final class RuleOptimiser implements Optimiser {
    private final List<Moved> moved;
    private final List<Memory> memories;

    /**
     * One parameter or part of one.
     *
     * @param ratio what the learning rate is multiplied by for it
     * @param decay its weight decay
     */
    record Moved(Movable target, Rule rule, double ratio, double decay) {}

    /** Takes {@code memories}, in which the rules keep their states, over. */
    RuleOptimiser(List<Moved> moved, Collection<Memory> memories) {
        this.moved = List.copyOf(moved);
        this.memories = List.copyOf(memories);
    }

    @Override
    public void step(double learningRate) {
        for (Moved one : moved) {
            if (one.target().parameter().trainable()) {
                try (Scope scope = Scope.open();
                        NoGrad guard = Torch.noGrad()) {
                    Tensor gradient = one.target().gradient();
                    one.rule().step(one.target().weight(), gradient, learningRate * one.ratio(), one.decay());
                }
            }
        }
    }

    @Override
    public List<Remembered> remembered() {
        List<Remembered> all = new ArrayList<>();
        for (Moved one : moved) {
            Rule rule = one.rule();
            rule.state()
                    .forEach((name, tensor) ->
                            all.add(new Remembered(name, one.target(), tensor, rule.perElement(name))));
        }
        return all;
    }

    @Override
    public long bytes() {
        return memories.stream().mapToLong(Memory::bytes).sum();
    }

    @Override
    public boolean averages() {
        return moved.stream().anyMatch(one -> one.rule().averages());
    }

    @Override
    public Swapped evaluated() {
        List<Moved> averaged =
                moved.stream().filter(one -> one.rule().averages()).toList();
        List<Tensor> copies = new ArrayList<>();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (Moved one : averaged) {
                copies.add(Scope.own(one.target().weight().clone()));
                one.rule().toAverage(one.target().weight());
            }
        }
        return () -> restore(averaged, copies);
    }

    private static void restore(List<Moved> averaged, List<Tensor> copies) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (int i = 0; i < copies.size(); i++) {
                averaged.get(i).target().weight().copy_(copies.get(i));
                Scope.release(copies.get(i));
            }
        }
    }

    @Override
    public void close() {
        memories.forEach(Memory::close);
    }
}
