package io.apus.train.parallel.device;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.StateTransform;
import io.apus.tensor.Device;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** After the last layer of a device: states go on to the next one, and their gradients come back the same way. */
record Border(Device next) implements StateTransform {
    @Override
    public Tensor apply(Tensor states) {
        return next.take(states);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
