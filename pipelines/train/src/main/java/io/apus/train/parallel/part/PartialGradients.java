package io.apus.train.parallel.part;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Gradients of which several ranks have computed a part each. */
public final class PartialGradients {
    private PartialGradients() {}

    /** Replaces those of {@code parts} that are partial by their sums over the ranks: one reduction for each group of ranks. */
    public static void complete(List<HeldParameter> parts) {
        Map<Collectives, List<Parameter>> byRanks = new LinkedHashMap<>();
        parts.forEach(part -> part.partial().ifPresent(ranks -> byRanks.computeIfAbsent(ranks, r -> new ArrayList<>())
                .add(part.parameter())));
        byRanks.forEach(PartialGradients::sum);
    }

    private static void sum(Collectives ranks, List<Parameter> parameters) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            List<Tensor> gradients =
                    parameters.stream().map(Parameter::gradientBuffer).toList();
            TensorVector flat = new TensorVector();
            gradients.forEach(gradient -> flat.push_back(gradient.reshape(-1)));
            Tensor all = torch.cat(flat, 0);
            ranks.allReduceSum(all).await();
            long at = 0;
            for (Tensor gradient : gradients) {
                gradient.copy_(all.narrow(0, at, gradient.numel()).view_as(gradient));
                at += gradient.numel();
            }
        }
    }
}
