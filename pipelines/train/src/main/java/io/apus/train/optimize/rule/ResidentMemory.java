package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Ordinary memory. */
public final class ResidentMemory implements Memory {
    private final List<Tensor> tensors = new ArrayList<>();

    @Override
    public Tensor zeros(DType dtype, long... shape) {
        try (Scope scope = Scope.open()) {
            Tensor made = Scope.own(torch.zeros(shape, new TensorOptions(dtype.scalarType())));
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
