package io.apus.bench.model;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** Output head and cross-entropy of one packed row with all gradients, done by us and in the plain way. */
final class LinearLoss implements AutoCloseable {
    private final long[] ids;
    private final float[] weights;
    private final Tensor hidden;
    private final OutputHead head;

    LinearLoss(int tokens, int hiddenSize, int vocabSize) {
        ids = new SplittableRandom(1).longs(tokens, 0, vocabSize).toArray();
        weights = new float[tokens];
        Arrays.fill(weights, 1);
        try (Scope scope = Scope.open()) {
            hidden = Scope.own(Torch.zeros(tokens, hiddenSize).normal_());
            Tensor weight = Torch.zeros(vocabSize, hiddenSize).normal_(0, 0.02, null);
            head = new OutputHead("lm_head", null, new Parameter("lm_head.weight", weight), OutputHead.Shaping.NONE);
        }
        head.weight().trainable(true);
        head.weight().gradientBuffer();
    }

    /** Chunk by chunk, without logits of the whole row. */
    double chunked() {
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(ids, ids.length);
            double targets = LinearCrossEntropy.targetWeight(batch, weights);
            return LinearCrossEntropy.of(batch, weights, 1 / targets)
                    .apply(hidden, head)
                    .statistics()
                    .meanLoss();
        }
    }

    /** Logits of the whole row, libtorch's cross-entropy, and backward through both. */
    double plain() {
        try (Scope scope = Scope.open()) {
            Tensor leaf = hidden.detach().requires_grad_(true);
            Tensor logits = torch.linear(leaf, head.weight().tensor()).narrow(0, 0, ids.length - 1L);
            Tensor targets = Torch.longs(ids).narrow(0, 1, ids.length - 1L);
            Tensor loss = torch.cross_entropy_loss(logits, targets);
            loss.backward(new Tensor(), new BoolOptional(), false, new TensorArrayRefOptional());
            return loss.item_double();
        }
    }

    @Override
    public void close() {
        Scope.release(hidden);
        head.weight().close();
    }
}
