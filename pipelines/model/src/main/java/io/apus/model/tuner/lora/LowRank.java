package io.apus.model.tuner.lora;

import io.apus.model.layer.Parameter;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The two factors of a low-rank update.
 *
 * @param down A [rank, inFeatures]
 * @param up B [outFeatures, rank]
 */
record LowRank(Parameter down, Parameter up) {
    /** Takes the tensors over, under the names that PEFT gives them in {@code module}. */
    static LowRank of(String module, Tensor down, Tensor up) {
        return new LowRank(
                new Parameter(module + ".lora_A.weight", new Tensor(down)),
                new Parameter(module + ".lora_B.weight", new Tensor(up)));
    }

    List<Parameter> parameters() {
        return List.of(down, up);
    }

    /** x A^T, [tokens, rank]. */
    Tensor narrow(Tensor input) {
        return torch.linear(input, down.tensor());
    }

    /** scale B A as numbers, [outFeatures, inFeatures], without a graph. */
    Tensor product(double scale) {
        return up.tensor().detach().mm(down.tensor().detach()).mul_(Torch.scalar(scale));
    }
}
