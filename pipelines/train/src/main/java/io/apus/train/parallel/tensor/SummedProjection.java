package io.apus.train.parallel.tensor;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A linear map of which each rank has some inputs: the ranks' results are added up, the bias once.
 *
 * @param part gives this rank's result from its inputs, without a bias
 */
record SummedProjection(Projection part, Optional<Parameter> bias, TensorGroup group) implements Projection {
    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor sum = group.sum(part.forward(input, training));
        return bias.isPresent() ? sum.add(bias.get().tensor()) : sum;
    }

    @Override
    public long inFeatures() {
        return part.inFeatures();
    }

    @Override
    public long outFeatures() {
        return part.outFeatures();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(part.parameters());
        bias.ifPresent(all::add);
        return all;
    }

    @Override
    public void close() {
        parameters().forEach(Parameter::close);
    }
}
