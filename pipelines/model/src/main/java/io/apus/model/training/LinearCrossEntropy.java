package io.apus.model.training;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenPart;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Kernels;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Cross-entropy of the next token, from hidden states: output head, softmax, loss and all gradients a chunk of rows at a time. Rows
 * whose target has no weight cost nothing.
 */
public final class LinearCrossEntropy implements HeadLoss {
    private final Targets targets;
    private final double scale;

    private LinearCrossEntropy(Targets targets, double scale) {
        this.targets = targets;
        this.scale = scale;
    }

    /**
     * The loss of one micro-batch.
     *
     * @param tokenWeights [tokens] weight of each token as a target, 0 where it is not supervised; the first token of a segment never is a
     *     target
     * @param scale multiplies the gradient: 1 over the sum of the weights of everything that one optimiser step averages over
     */
    public static LinearCrossEntropy of(TokenBatch batch, float[] tokenWeights, double scale) {
        return new LinearCrossEntropy(Targets.of(batch, tokenWeights), scale);
    }

    /** What a batch adds to the sum of weights that {@code scale} is one over. */
    public static double targetWeight(TokenBatch batch, float[] tokenWeights) {
        return Targets.of(batch, tokenWeights).weightSum();
    }

    @Override
    public HeadLoss of(TokenPart tokens) {
        return new LinearCrossEntropy(targets.of(tokens), scale);
    }

    @Override
    public Result apply(Tensor hidden, OutputHead head) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor hiddenGradient = scope.keep(torch.zeros_like(hidden));
            if (targets.count() == 0) {
                // Whoever reduces gradients over ranks finds one here too, of zeros.
                if (head.weight().trainable()) {
                    head.weight().gradientBuffer();
                }
                head.bias().filter(Parameter::trainable).ifPresent(Parameter::gradientBuffer);
                return new Result(hiddenGradient, LossStatistics.ZERO);
            }
            Tensor rows = Device.of(hidden).longs(targets.rows());
            Tensor rowGradients = torch.empty_like(hidden.narrow(0, 0, targets.count()));
            LossStatistics statistics = chunks(hidden.index_select(0, rows), head, rowGradients);
            hiddenGradient.index_copy_(0, rows, rowGradients);
            return new Result(hiddenGradient, statistics);
        }
    }

    /** The statistics alone, e.g. of held-out data. */
    public LossStatistics measure(Tensor hidden, OutputHead head) {
        if (targets.count() == 0) {
            return LossStatistics.ZERO;
        }
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            return chunks(hidden.index_select(0, Device.of(hidden).longs(targets.rows())), head, null);
        }
    }

    /** Goes over the supervised rows, [targets, hiddenSize]; fills {@code rowGradientsOrNull} with their gradients where it is given. */
    private LossStatistics chunks(Tensor hiddenRows, OutputHead head, Tensor rowGradientsOrNull) {
        Device device = Device.of(hiddenRows);
        Tensor labels = device.longs(targets.labels());
        Tensor weights = device.floats(targets.weights());
        ChunkedSoftmax softmax = new ChunkedSoftmax(head, hiddenRows, targets.count());
        boolean trainHead = rowGradientsOrNull != null && head.weight().trainable();
        Tensor weightGradient = trainHead ? head.matrixGradient() : null;
        // Added up where they are computed: reading a number would wait for the device after every chunk.
        Tensor sums = device.zeros(DType.F64, 3);
        for (long at = 0; at < targets.count(); at += softmax.chunkRows()) {
            try (Scope scope = Scope.open()) {
                long rows = Math.min(softmax.chunkRows(), targets.count() - at);
                Tensor chunk = hiddenRows.narrow(0, at, rows);
                Tensor chunkWeights = weights.narrow(0, at, rows).unsqueeze(1);
                Tensor hits = softmax.load(chunk, labels.narrow(0, at, rows));
                Tensor losses = softmax.logProbabilities().mul(chunkWeights);
                count(sums, losses, chunkWeights, hits);
                if (rowGradientsOrNull != null) {
                    Tensor gradient = softmax.gradient(chunkWeights.mul(Torch.scalar(scale)));
                    Tensor operand = Torch.like(gradient, chunk);
                    torch.mm_out(rowGradientsOrNull.narrow(0, at, rows), operand, softmax.matrix());
                    if (trainHead) {
                        Kernels.addProduct(weightGradient, operand.t(), chunk);
                    }
                    head.bias().filter(Parameter::trainable).ifPresent(bias -> bias.gradientBuffer()
                            .add_(gradient.sum(0)));
                }
            }
        }
        if (trainHead) {
            head.finishGradient(weightGradient);
        }
        if (rowGradientsOrNull != null) {
            head.share().sum(rowGradientsOrNull);
        }
        double[] total = Torch.toDoubles(sums);
        return new LossStatistics(-total[0], total[1], (long) total[2], targets.count());
    }

    private static void count(Tensor sums, Tensor weightedLogProbabilities, Tensor weights, Tensor hits) {
        Tensor own = torch.stack(
                new TensorVector(
                        weightedLogProbabilities.to(torch.ScalarType.Double).sum(),
                        weights.to(torch.ScalarType.Double).sum(),
                        hits.sum().to(torch.ScalarType.Double)),
                0);
        sums.add_(own);
    }
}
