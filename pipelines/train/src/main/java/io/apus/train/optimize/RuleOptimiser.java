package io.apus.train.optimize;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.optimize.rule.Memory;
import io.apus.train.optimize.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Moves each parameter by a rule of its own. */
final class RuleOptimiser implements Optimiser {
    private final List<Moved> moved;
    private final Memory memory;

    /**
     * One parameter.
     *
     * @param ratio what the learning rate is multiplied by for it
     * @param decay its weight decay
     */
    record Moved(Parameter parameter, Rule rule, double ratio, double decay) {}

    /** Takes {@code memory}, in which the rules keep their states, over. */
    RuleOptimiser(List<Moved> moved, Memory memory) {
        this.moved = List.copyOf(moved);
        this.memory = memory;
    }

    @Override
    public void step(double learningRate) {
        for (Moved one : moved) {
            if (one.parameter().trainable()) {
                try (Scope scope = Scope.open();
                        NoGrad guard = Torch.noGrad()) {
                    Tensor gradient = one.parameter().gradientBuffer();
                    one.rule().step(one.parameter().tensor(), gradient, learningRate * one.ratio(), one.decay());
                }
            }
        }
    }

    @Override
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        for (Moved one : moved) {
            one.rule()
                    .state()
                    .forEach((name, tensor) ->
                            all.put(name + "." + one.parameter().name(), tensor));
        }
        return all;
    }

    @Override
    public Swapped evaluated() {
        List<Moved> averaged =
                moved.stream().filter(one -> one.rule().averages()).toList();
        List<Tensor> copies = new ArrayList<>();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (Moved one : averaged) {
                copies.add(Scope.own(one.parameter().tensor().clone()));
                one.rule().toAverage(one.parameter().tensor());
            }
        }
        return () -> restore(averaged, copies);
    }

    private static void restore(List<Moved> averaged, List<Tensor> copies) {
        try (NoGrad guard = Torch.noGrad()) {
            for (int i = 0; i < copies.size(); i++) {
                averaged.get(i).parameter().tensor().copy_(copies.get(i));
                Scope.release(copies.get(i));
            }
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
