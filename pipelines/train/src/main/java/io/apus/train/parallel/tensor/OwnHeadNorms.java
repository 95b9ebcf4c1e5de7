package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.LayerNormPerHead;
import io.apus.model.layer.Norm;
import io.apus.model.layer.Parameter;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Norms with weights of their own for each head, of which this rank has the heads {@code own}. All weights, which are small, are on every rank.
 */
record OwnHeadNorms(LayerNormPerHead all, Cut own) implements Norm {
    @Override
    public Tensor forward(Tensor input) {
        Cut.Span heads = own.spans().get(0);
        List<Parameter> weights = all.weights().subList((int) heads.from(), (int) heads.to());
        return new LayerNormPerHead(weights, all.size(), all.eps()).forward(input);
    }

    @Override
    public List<Parameter> parameters() {
        return all.parameters();
    }
}
