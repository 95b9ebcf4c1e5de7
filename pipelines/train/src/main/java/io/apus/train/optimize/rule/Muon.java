package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Muon (Jordan et al., 2024; Liu et al., 2025, examples/toy_train.py of Moonlight): momentum whose singular values are all brought
 * close to one by five Newton-Schulz iterations, here in float32. Embeddings, head, norms and biases take AdamW.
 */
public final class Muon implements Rule {
    private static final double A = 3.4445;
    private static final double B = -4.7750;
    private static final double C = 2.0315;
    private static final double TINY = 1e-7;
    /** Steps get the root mean square that AdamW's usually have. */
    private static final double ADAM_RMS = 0.2;

    private record Settings(double momentum, boolean nesterov, int iterations) {}

    private final Settings settings;
    private final Tensor buffer;

    private Muon(Settings settings, long[] shape, Memory memory) {
        this.settings = settings;
        this.buffer = memory.floats(shape);
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        Settings settings = new Settings(
                arguments.number("momentum", 0.95), arguments.truth("nesterov", true), arguments.whole("ns_steps", 5));
        return RuleMaker.joining(
                Muon::applies,
                (name, shape, memory) ->
                        applies(name, shape) ? new Muon(settings, shape, memory) : new AdamW(spec, shape, memory));
    }

    private static boolean applies(String name, long[] shape) {
        return shape.length >= 2 && !WeightNames.isEmbedding(name) && !WeightNames.isHead(name);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        buffer.mul_(Torch.scalar(settings.momentum())).add_(gradient);
        Tensor direction =
                settings.nesterov() ? gradient.add(buffer, Torch.scalar(settings.momentum())) : buffer.clone();
        Tensor matrix = direction.flatten(1, -1);
        double scale = ADAM_RMS * Math.sqrt((double) Math.max(weight.size(0), weight.size(1)));
        weight.mul_(Torch.scalar(1 - rate * decay));
        weight.sub_(orthogonal(matrix, settings.iterations()).view(Torch.shape(weight)), Torch.scalar(rate * scale));
    }

    /** U S' V^T of a matrix U S V^T, with all of S' near one. */
    private static Tensor orthogonal(Tensor matrix, int iterations) {
        boolean tall = matrix.size(0) > matrix.size(1);
        Tensor x = tall ? matrix.t() : matrix;
        x = x.div(x.norm().add_(Torch.scalar(TINY)));
        for (int i = 0; i < iterations; i++) {
            Tensor square = x.mm(x.t());
            Tensor polynomial = square.mul(Torch.scalar(B)).add_(square.mm(square), Torch.scalar(C));
            x = x.mul(Torch.scalar(A)).add_(polynomial.mm(x));
        }
        return tall ? x.t().contiguous() : x;
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("momentum_buffer", buffer);
    }
}
