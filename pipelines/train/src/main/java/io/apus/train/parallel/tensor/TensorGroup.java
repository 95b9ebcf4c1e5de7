package io.apus.train.parallel.tensor;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import io.apus.tensor.collective.Collectives;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/** The ranks that share every matrix of a replica, and the two operations between them (Shoeybi et al., "Megatron-LM", 2019). */
public final class TensorGroup implements AutoCloseable {
    private final Collectives ranks;
    private final String name;
    private final CustomGradients gradients = new CustomGradients();
    private final Map<Integer, Collectives> keyValueGroups = new HashMap<>();

    /** @param name of its own for every group of the world */
    public TensorGroup(Collectives ranks, String name) {
        this.ranks = ranks;
        this.name = name;
    }

    Collectives ranks() {
        return ranks;
    }

    int size() {
        return ranks.size();
    }

    int rank() {
        return ranks.rank();
    }

    /** All ranks of the group, as numbers. */
    List<Integer> slices() {
        return IntStream.range(0, size()).boxed().toList();
    }

    /** Before matrices of which each rank has some outputs: {@code input} as it is; the gradients of all ranks' uses of it are added up. */
    Tensor copy(Tensor input) {
        return GradMode.is_enabled() && input.requires_grad()
                ? gradients.apply(input, Tensor::clone, this::summed)
                : input;
    }

    /** After matrices of which each rank has some inputs: the sum of all ranks' results; its gradient is that of each of them. */
    Tensor sum(Tensor part) {
        return gradients.apply(part, this::summed, gradient -> gradient);
    }

    /** The columns of all ranks, [tokens, columns each], side by side; backward see {@link GatheredInputs}. */
    Tensor gather(Tensor columns) {
        long each = columns.size(1);
        return gradients.apply(columns, this::gathered, gradient -> gradient.narrow(1, rank() * each, each)
                .mul(Torch.scalar(size())));
    }

    private Tensor gathered(Tensor columns) {
        try (Scope scope = Scope.open()) {
            long tokens = columns.size(0);
            Tensor all = columns.new_empty(size(), tokens, columns.size(1));
            ranks.allGather(columns.contiguous(), all).await();
            return scope.keep(all.transpose(0, 1).reshape(tokens, -1));
        }
    }

    /**
     * A result that every rank has: its gradient is divided by the number of ranks.
     *
     * @param added whether the result is too, so that the ranks' add up to it
     */
    Tensor evenly(Tensor result, boolean added) {
        double share = 1.0 / size();
        return gradients.apply(
                result,
                whole -> added ? whole.mul(Torch.scalar(share)) : whole.clone(),
                gradient -> gradient.mul(Torch.scalar(share)));
    }

    private Tensor summed(Tensor part) {
        try (Scope scope = Scope.open()) {
            Tensor sum = scope.keep(part.contiguous().clone());
            ranks.allReduceSum(sum).await();
            return sum;
        }
    }

    /** The ranks that hold the same one of {@code keyValueHeads}, which are fewer than ranks. All ranks ask for the same numbers in the same order. */
    Collectives sharing(int keyValueHeads) {
        return keyValueGroups.computeIfAbsent(keyValueHeads, heads -> {
            List<Integer> sharers = sharers(heads);
            return ranks.group(name + "-of-" + heads + "-heads-" + sharers.get(0), sharers);
        });
    }

    /** As {@link #sharing}, the numbers of the ranks. */
    List<Integer> sharers(int keyValueHeads) {
        int each = size() / keyValueHeads;
        int first = rank() / each * each;
        return IntStream.range(first, first + each).boxed().toList();
    }

    @Override
    public void close() {
        gradients.close();
    }
}
