package io.apus.bench.model;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.model.layer.fused.FusedGate;
import io.apus.model.layer.fused.FusedRmsNorm;
import io.apus.model.layer.fused.FusedRotation;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Fused layers beside the operators that they stand for: forward and backward, everything learning. */
public final class FusedLayers {
    private static final int HEAD_DIM = 64;
    private static final double EPS = 1e-6;

    /** A layer in both ways. */
    private record Layer(
            String name,
            List<Tensor> inputs,
            Tensor gradient,
            Function<List<Tensor>, Tensor> plain,
            Function<List<Tensor>, Tensor> fused) {
        double run(Function<List<Tensor>, Tensor> way) {
            try (Scope scope = Scope.open();
                    CustomGradients owner = new CustomGradients();
                    CustomGradients.Use hooks = owner.use()) {
                way.apply(inputs).backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
                inputs.forEach(input -> input.mutable_grad().put(new Tensor()));
                return 0;
            }
        }
    }

    private FusedLayers() {}

    /** Layers of a decoder of {@code hidden} numbers a token whose feed-forward network has {@code intermediate}. */
    public static Table measure(int tokens, int hidden, int intermediate, int rounds) throws IOException {
        Table table = new Table(
                "Fused layers: forward and backward of " + tokens + " tokens",
                "layer",
                "operators ms",
                "fused ms",
                "times the operators");
        int heads = Math.max(1, hidden / HEAD_DIM);
        try (Scope scope = Scope.open()) {
            for (Layer layer : List.of(
                    norm("norm", tokens, hidden),
                    norm("norm of heads", tokens, heads, HEAD_DIM),
                    rotation(tokens, heads),
                    gate(tokens, intermediate))) {
                List<Timing> timings = Interleaved.run(
                        2,
                        rounds,
                        List.of(
                                new Contender("operators", () -> layer.run(layer.plain())),
                                new Contender("fused", () -> layer.run(layer.fused()))));
                table.row(
                        layer.name(),
                        timings.get(0).median() * 1e3,
                        timings.get(1).median() * 1e3,
                        timings.get(1).timesAsLongAs(timings.get(0)));
            }
        }
        return table;
    }

    private static Layer norm(String name, long... shape) {
        long[] last = {shape[shape.length - 1]};
        return new Layer(
                name,
                learning(shape, last),
                random(shape),
                in -> torch.rms_norm(in.get(0), last, new TensorOptional(in.get(1)), new DoubleOptional(EPS)),
                in -> FusedRmsNorm.forward(in.get(0), in.get(1), EPS));
    }

    private static Layer rotation(long tokens, long heads) {
        Tensor cosine = random(tokens, 1, HEAD_DIM);
        Tensor sine = random(tokens, 1, HEAD_DIM);
        long[] shape = {tokens, heads, HEAD_DIM};
        return new Layer(
                "rotation",
                learning(shape),
                random(shape),
                in -> in.get(0).mul(cosine).addcmul(in.get(0).roll(new long[] {HEAD_DIM / 2}, 2), sine),
                in -> FusedRotation.forward(in.get(0), cosine, sine, false));
    }

    private static Layer gate(long tokens, long intermediate) {
        long[] shape = {tokens, intermediate};
        return new Layer(
                "gate",
                learning(shape, shape),
                random(shape),
                in -> torch.silu(in.get(0)).mul(in.get(1)),
                in -> FusedGate.forward(in.get(0), in.get(1)));
    }

    private static List<Tensor> learning(long[]... shapes) {
        return Stream.of(shapes)
                .map(shape -> random(shape).requires_grad_(true))
                .toList();
    }

    private static Tensor random(long... shape) {
        return Torch.zeros(shape).normal_();
    }
}
