package io.apus.model.tuner.lora;

import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Tensors of one shape added up by weights, after pruning and the election of signs where a type has them (peft 0.17, merge_utils.py). */
final class WeightedSum {
    private final Combination how;
    private final GeneratorOptional generator;

    WeightedSum(Combination how) {
        this.how = how;
        this.generator = new GeneratorOptional(torch.make_generator_cpu(how.seed()));
    }

    /** The sum in the caller's scope. */
    Tensor of(List<Tensor> tensors, double[] weights) {
        List<Tensor> pruned = tensors.stream().map(this::pruned).toList();
        Tensor stacked = torch.stack(new TensorVector(pruned.toArray(Tensor[]::new)), 0);
        List<Tensor> weighted = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            weighted.add(pruned.get(i).mul(Torch.scalar(weights[i])));
        }
        Tensor terms = torch.stack(new TensorVector(weighted.toArray(Tensor[]::new)), 0);
        return how.type().electsSigns() ? meanOfAgreeing(stacked, terms) : terms.sum(0);
    }

    private Tensor pruned(Tensor tensor) {
        return switch (how.type().pruning()) {
            case NONE -> tensor;
            case MAGNITUDE -> withLargest(tensor);
            case RANDOM -> withRandom(tensor);
        };
    }

    private Tensor withLargest(Tensor tensor) {
        long kept = (long) (how.density() * tensor.numel());
        Tensor flat = tensor.reshape(-1);
        Tensor mask = torch.zeros_like(flat);
        mask.scatter_(0, flat.abs().topk(kept).get1(), Torch.scalar(1));
        return flat.mul(mask).reshape(tensor.shape());
    }

    /** As the paper has it: what stays is divided by the share that stays, so that the expected value does not change. */
    private Tensor withRandom(Tensor tensor) {
        Tensor stays = Torch.emptyFloats(tensor.shape())
                .uniform_(0, 1, generator)
                .lt(Torch.scalar(how.density()))
                .to(torch.ScalarType.Float);
        return tensor.mul(stays).div_(Torch.scalar(how.density()));
    }

    /** Of each number the terms whose sign won, and their mean; zeros agree with nobody. */
    private Tensor meanOfAgreeing(Tensor pruned, Tensor terms) {
        Tensor signs = pruned.sign();
        Tensor votes = how.byTotal() ? pruned.sum(0) : signs.sum(0);
        Tensor majority = votes.ge(Torch.scalar(0))
                .to(torch.ScalarType.Float)
                .mul_(Torch.scalar(2))
                .sub_(Torch.scalar(1));
        Tensor agrees = signs.eq(majority).to(torch.ScalarType.Float);
        return terms.mul(agrees).sum(0).div_(agrees.sum(0).clamp_min_(Torch.scalar(1)));
    }
}
