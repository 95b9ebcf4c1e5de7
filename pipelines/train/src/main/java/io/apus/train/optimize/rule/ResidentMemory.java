package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Memory of a device. */
public final class ResidentMemory implements Memory {
    private final Device device;
    private final List<Tensor> tensors = new ArrayList<>();

    public ResidentMemory(Device device) {
        this.device = device;
    }

    @Override
    public Tensor zeros(DType dtype, long... shape) {
        try (Scope scope = Scope.open()) {
            Tensor made = Scope.own(device.zeros(dtype, shape));
            tensors.add(made);
            return made;
        }
    }

    @Override
    public long bytes() {
        return tensors.stream().mapToLong(Torch::bytes).sum();
    }

    @Override
    public void close() {
        tensors.forEach(Scope::release);
    }
}
