package io.apus.model;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Values;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rows for new tokens as transformers' {@code resize_token_embeddings} starts them (mean_resizing): the mean of the rows that are there,
 * and a billionth of their covariance; of biases the mean, and a billionth of their deviation.
 */
final class TokenRows {
    private static final double SHARE = 1e-9;

    private TokenRows() {}

    /** The same parameters with more rows where {@code shapes} has more; those that were extended are closed. */
    static Map<String, Parameter> grown(
            SortedMap<String, Parameter> parameters, SortedMap<String, long[]> shapes, long seed) {
        Map<String, Parameter> all = new HashMap<>(parameters);
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            shapes.forEach((name, shape) -> {
                Parameter old = parameters.get(name);
                // Quantised linears are no parameters of these names, and no vocabulary's.
                if (old != null && shape[0] > old.shape()[0]) {
                    all.put(name, grown(old, shape, seed));
                    old.close();
                }
            });
        }
        return all;
    }

    private static Parameter grown(Parameter old, long[] shape, long seed) {
        String name = old.name();
        return old.unread()
                .map(before -> Parameter.unread(
                        name,
                        Values.made(
                                shape,
                                () -> longer(
                                        before.take(Device.CPU, DType.F32), shape, Initializer.generator(seed, name)))))
                .orElseGet(() ->
                        new Parameter(name, longer(old.tensor().detach(), shape, Initializer.generator(seed, name))));
    }

    private static Tensor longer(Tensor old, long[] shape, GeneratorOptional generator) {
        long before = old.size(0);
        Tensor grown = old.new_zeros(shape);
        grown.narrow(0, 0, before).copy_(old);
        Tensor added = grown.narrow(0, before, shape[0] - before);
        if (shape.length == 1) {
            added.normal_(old.mean().item_double(), SHARE * old.std().item_double(), generator);
            return grown;
        }
        Tensor mean = old.mean(0);
        for (long row = 0; row < added.size(0); row++) {
            try (Scope scope = Scope.open()) {
                added.select(0, row).copy_(near(mean, old, generator));
            }
        }
        return grown;
    }

    /**
     * A draw around the mean. A sum of centred rows, each times its own normal number, divided by the root of their count, has exactly
     * their covariance, which need not be factored then.
     */
    private static Tensor near(Tensor mean, Tensor rows, GeneratorOptional generator) {
        Tensor weights = Torch.zeros(rows.size(0)).normal_(0, 1, generator);
        Tensor centred = torch.mv(rows.t(), weights).sub(mean.mul(weights.sum()));
        return mean.add(centred.mul(Torch.scalar(Math.sqrt(SHARE / rows.size(0)))));
    }
}
