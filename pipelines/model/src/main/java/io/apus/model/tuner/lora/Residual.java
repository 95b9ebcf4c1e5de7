package io.apus.model.tuner.lora;

import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What is left of a projection after a start took a product of low rank out of it. It remembers the factors: with them an adapter
 * can be told as a change of the whole weight.
 *
 * @param taken frozen
 */
record Residual(MatrixProjection base, LowRank taken) implements MatrixProjection {
    static final String TAKEN_DOWN = ".taken_A";
    static final String TAKEN_UP = ".taken_B";

    static Residual of(String module, MatrixProjection base, LoraStart.Values values) {
        Projection changed = base.withWeight(values.base());
        LowRank taken = new LowRank(
                new Parameter(module + TAKEN_DOWN, values.down().clone()),
                new Parameter(module + TAKEN_UP, values.up().clone()));
        return new Residual(MatrixProjection.of(changed), taken);
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        return base.forward(input, training);
    }

    @Override
    public Tensor weightMatrix() {
        return base.weightMatrix();
    }

    @Override
    public Optional<Parameter> bias() {
        return base.bias();
    }

    @Override
    public Projection withWeight(Tensor weight) {
        taken.parameters().forEach(Parameter::close);
        return base.withWeight(weight);
    }

    @Override
    public long inFeatures() {
        return base.inFeatures();
    }

    @Override
    public long outFeatures() {
        return base.outFeatures();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(base.parameters());
        all.addAll(taken.parameters());
        return all;
    }

    @Override
    public void close() {
        parameters().forEach(Parameter::close);
    }
}
