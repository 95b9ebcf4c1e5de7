package io.apus.train.optimize;

import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Kernels;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** AdamW (Loshchilov and Hutter, 2019) in two groups: parameters that decay and parameters that do not. */
final class AdamW implements Optimiser {
    private final TrainSpec spec;
    private final Group decaying = new Group();
    private final Group plain = new Group();

    AdamW(List<Parameter> parameters, TrainSpec spec) {
        this.spec = spec;
        try (Scope scope = Scope.open()) {
            for (Parameter parameter : parameters) {
                (WeightDecay.appliesTo(parameter.name()) ? decaying : plain).add(parameter);
            }
        }
    }

    @Override
    public void step(double learningRate) {
        decaying.step(learningRate, spec.weightDecay(), spec);
        plain.step(learningRate, 0, spec);
    }

    @Override
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = new TreeMap<>();
        decaying.describe(state);
        plain.describe(state);
        return state;
    }

    @Override
    public void close() {
        decaying.release();
        plain.release();
    }

    private static final class Group {
        private final List<Parameter> parameters = new ArrayList<>();
        private final List<Tensor> averages = new ArrayList<>();
        private final List<Tensor> squares = new ArrayList<>();
        private final List<Tensor> steps = new ArrayList<>();

        void add(Parameter parameter) {
            parameters.add(parameter);
            averages.add(Scope.own(Torch.zeros(parameter.shape())));
            squares.add(Scope.own(Torch.zeros(parameter.shape())));
            steps.add(Scope.own(Torch.zeros()));
        }

        void step(double learningRate, double weightDecay, TrainSpec spec) {
            if (parameters.isEmpty()) {
                return;
            }
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                steps.forEach(step -> step.add_(Torch.scalar(1)));
                Kernels.fusedAdamW(
                        parameters.stream().map(Parameter::tensor).toList(),
                        parameters.stream().map(Parameter::gradientBuffer).toList(),
                        averages,
                        squares,
                        steps,
                        learningRate,
                        spec.adamBeta1(),
                        spec.adamBeta2(),
                        weightDecay,
                        spec.adamEpsilon());
            }
        }

        void describe(SortedMap<String, Tensor> state) {
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i).name();
                state.put("exp_avg." + name, averages.get(i));
                state.put("exp_avg_sq." + name, squares.get(i));
                state.put("step." + name, steps.get(i));
            }
        }

        void release() {
            averages.forEach(Scope::release);
            squares.forEach(Scope::release);
            steps.forEach(Scope::release);
        }
    }
}
