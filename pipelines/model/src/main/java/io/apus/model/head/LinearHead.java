package io.apus.model.head;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Scores: rows W^T + bias, with W of [width, hiddenSize]. */
public final class LinearHead implements RowHead, AutoCloseable {
    private final Parameter weight;
    private final Optional<Parameter> bias;

    /**
     * Names and sizes of a head in files.
     *
     * @param name of the module: {@code score} in transformers' ForSequenceClassification classes, {@code v_head.summary} in TRL's models
     *     with a value head
     */
    public record Layout(String name, long width, long hiddenSize, boolean hasBias) {
        /** As transformers names a classifier's: no bias. */
        public static Layout score(long labels, long hiddenSize) {
            return new Layout("score", labels, hiddenSize, false);
        }

        /** As TRL names a value head: one output, with bias. */
        public static Layout value(long hiddenSize) {
            return new Layout("v_head.summary", 1, hiddenSize, true);
        }

        /** The parameters' shapes by their names in files. */
        public SortedMap<String, long[]> shapes() {
            SortedMap<String, long[]> shapes = new TreeMap<>();
            shapes.put(name + ".weight", new long[] {width, hiddenSize});
            if (hasBias) {
                shapes.put(name + ".bias", new long[] {width});
            }
            return shapes;
        }
    }

    private LinearHead(Parameter weight, Optional<Parameter> bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** A head of parameters that were read: {@code parameter} gives one by its name in files. */
    public static LinearHead of(Layout layout, Function<String, Parameter> parameter) {
        return new LinearHead(
                parameter.apply(layout.name() + ".weight"),
                layout.hasBias() ? Optional.of(parameter.apply(layout.name() + ".bias")) : Optional.empty());
    }

    /** A new head: weights normal(0, {@code initializerRange}), bias 0. The same seed gives the same bytes. */
    public static LinearHead random(Layout layout, double initializerRange, long seed) {
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            return of(layout, name -> {
                Tensor tensor = Torch.zeros(layout.shapes().get(name));
                if (name.endsWith(".weight")) {
                    tensor.normal_(0, initializerRange, generator);
                }
                return new Parameter(name, tensor);
            });
        }
    }

    public Parameter weight() {
        return weight;
    }

    public Optional<Parameter> bias() {
        return bias;
    }

    @Override
    public Tensor forward(Tensor rows) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor products = torch.linear(rows, weight.tensor());
            bias.ifPresent(b -> products.add_(b.tensor()));
            return scope.keep(products);
        }
    }

    @Override
    public Tensor backward(Tensor rows, Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            if (weight.trainable()) {
                weight.gradientBuffer().addmm_(gradient.t(), rows);
            }
            bias.filter(Parameter::trainable).ifPresent(b -> b.gradientBuffer().add_(gradient.sum(0)));
            return scope.keep(torch.mm(gradient, weight.tensor()));
        }
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(weight));
        bias.ifPresent(all::add);
        return all;
    }

    @Override
    public void close() {
        parameters().forEach(Parameter::close);
    }
}
