package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.tuner.Adapters;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agreement with PEFT on recorded prompts and prefixes: logits, gradients and the files themselves. */
class GoldenPromptTest {
    private static final int VIRTUAL = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_prompt", "qwen2_prefix"})
    void logitsAndGradientsAgree(String name) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("peft/" + name, "models/qwen2");
                DecoderModel model = GoldenFiles.base()) {
            Adapters.load(model, golden.folder(), true);
            TokenBatch batch = golden.batch();
            Tensor logits = model.logits(model.hidden(batch, null));
            double logitError = Golden.maxError(logits, wanted(golden));
            assertThat(logitError).isLessThan(1e-4);

            double scale = 1 / LinearCrossEntropy.targetWeight(batch, golden.weights());
            LossStatistics statistics = new Backpropagation(model, true)
                    .step(batch, LinearCrossEntropy.of(batch, golden.weights(), scale), 0, GradientSink.none());
            double wanted = meanLoss(wanted(golden), golden);
            assertThat(statistics.meanLoss()).isCloseTo(wanted, Offset.offset(1e-5));
            Tensor gradient = gradient(model);
            double gradientError = slopeError(model, golden, scale, gradient);
            assertThat(gradientError).isLessThan(1e-2);
            if (name.equals("qwen2_prefix")) {
                Tensor recorded = golden.tensors().tensor("grad.prompt_encoder.embedding.weight");
                gradientError = Golden.relativeError(gradient, recorded);
                assertThat(gradientError).isLessThan(1e-4);
                assertThat(wanted).isCloseTo(golden.json().get("loss").asDouble(), Offset.offset(1e-5));
            }
            System.out.printf(
                    "parity %s logits %.2e loss %.2e gradient %.2e%n",
                    name, logitError, Math.abs(statistics.meanLoss() - wanted), gradientError);
        }
    }

    /** The reference's rows, behind those of its virtual tokens where it gives them too. */
    private static Tensor wanted(Golden golden) {
        Tensor padded = golden.tensors().tensor("logits");
        int width = golden.tensors().info("logits").shape().get(1).intValue();
        int front = width == 24 ? 0 : VIRTUAL;
        long[] rows = Arrays.stream(golden.rows())
                .map(row -> row / 24 * width + front + row % 24)
                .toArray();
        return padded.reshape(-1, padded.size(2)).index_select(0, Torch.longs(rows));
    }

    /**
     * The mean loss that the reference's logits have here, where the first token of a sample is no target. The recorded loss of a
     * prompt counts that token too: the last virtual one predicts it. So does the recorded gradient.
     */
    private static double meanLoss(Tensor logits, Golden golden) {
        Tensor logProbabilities = logits.log_softmax(1);
        double sum = 0;
        double targets = 0;
        int row = 0;
        for (int length : golden.lengths()) {
            for (int t = 1; t < length; t++) {
                double weight = golden.weights()[row + t];
                sum -= weight
                        * logProbabilities
                                .select(0, row + t - 1L)
                                .select(0, golden.ids()[row + t])
                                .item_double();
                targets += weight;
            }
            row += length;
        }
        return sum / targets;
    }

    /** How far the loss's slope along the gradient is from the gradient's squared norm, relatively. */
    private static double slopeError(DecoderModel model, Golden golden, double scale, Tensor gradient) {
        double norm = gradient.norm().item_double();
        double step = 0.01 / norm;
        double slope = (moved(model, golden, scale, step) - moved(model, golden, scale, -step)) / (2 * step);
        return Math.abs(slope / (norm * norm) - 1);
    }

    private static double moved(DecoderModel model, Golden golden, double scale, double step) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            move(model, step);
            TokenBatch batch = golden.batch();
            double loss = LinearCrossEntropy.of(batch, golden.weights(), scale)
                    .measure(model.hidden(batch, null), model.head())
                    .meanLoss();
            move(model, -step);
            return loss;
        }
    }

    private static void move(DecoderModel model, double step) {
        model.parameters().values().stream().filter(Parameter::trainable).forEach(parameter -> parameter
                .tensor()
                .add_(parameter.gradient().orElseThrow(), Torch.scalar(step)));
    }

    /** The gradients of what was added, side by side as PEFT keeps it. */
    private static Tensor gradient(DecoderModel model) {
        TensorVector layers = new TensorVector();
        model.parameters().values().stream()
                .filter(Parameter::trainable)
                .forEach(parameter -> layers.push_back(parameter.gradient().orElseThrow()));
        return torch.cat(layers, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2_prompt", "qwen2_prefix"})
    void savedFilesHoldWhatPeftWrote(String name) {
        GoldenFiles.rewritten(name, folder);
    }
}
