package io.apus.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LinearCrossEntropyTest {
    private static final int TOKENS = 1500;
    private static final int VOCABULARY = 40;

    /** 1,499 rows go in three chunks of at most 512. */
    @Test
    void chunksEqualPlainCrossEntropy() {
        try (Scope scope = Scope.open()) {
            Torch.seed(5);
            Tensor hidden = torch.randn(TOKENS, 8);
            Parameter weight = new Parameter("lm_head.weight", torch.randn(VOCABULARY, 8));
            weight.trainable(true);
            long[] ids = new long[TOKENS];
            float[] weights = new float[TOKENS];
            for (int i = 0; i < TOKENS; i++) {
                ids[i] = (i * 7L + i / 3) % VOCABULARY;
                weights[i] = i % 5 == 0 ? 0 : 0.5f + i % 3;
            }
            TokenBatch batch = TokenBatch.of(ids, TOKENS);
            double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
            LinearCrossEntropy loss = LinearCrossEntropy.of(batch, weights, scale);
            OutputHead head = new OutputHead("lm_head", null, weight, OutputHead.Shaping.NONE);
            HeadLoss.Result result = loss.apply(hidden, head);

            Tensor leaf = hidden.detach().clone().requires_grad_(true);
            Tensor matrix = weight.tensor().detach().clone().requires_grad_(true);
            Tensor logits = leaf.narrow(0, 0, TOKENS - 1).mm(matrix.t());
            Tensor labels = Torch.longs(Arrays.copyOfRange(ids, 1, TOKENS));
            Tensor picked =
                    torch.log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).squeeze(1);
            Tensor factors = Torch.floats(Arrays.copyOfRange(weights, 1, TOKENS));
            Tensor mean = picked.mul(factors).sum().mul(Torch.scalar(-scale));
            mean.backward();

            assertThat(result.statistics().meanLoss()).isCloseTo(mean.item_double(), Offset.offset(1e-5));
            long hits = logits.argmax(new LongOptional(1), false)
                    .eq(labels)
                    .logical_and(factors.ne(Torch.scalar(0)))
                    .sum()
                    .item_long();
            assertThat(result.statistics().correct()).isEqualTo(hits);
            assertClose(result.hiddenGradient(), new Tensor(leaf.grad()));
            assertClose(weight.gradient().orElseThrow(), new Tensor(matrix.grad()));
            assertThat(loss.measure(hidden, head)).isEqualTo(result.statistics());
            weight.close();
        }
    }

    private static void assertClose(Tensor got, Tensor wanted) {
        assertThat(got.sub(wanted).abs().max().item_double()).isLessThan(1e-6);
    }

    @Test
    void theFirstTokenOfASegmentIsNeverATarget() {
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(TinyModels.ids(10, 1), 4, 1, 5);
            float[] ones = new float[10];
            Arrays.fill(ones, 1);
            assertThat(LinearCrossEntropy.targetWeight(batch, ones)).isEqualTo(7);
        }
    }

    @Test
    void aFrozenHeadGetsNoGradient() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 1)) {
            TokenBatch batch = TokenBatch.of(TinyModels.ids(6, 1), 6);
            float[] ones = {1, 1, 1, 1, 1, 1};
            LinearCrossEntropy.of(batch, ones, 1).apply(model.hidden(batch, null), model.head());
            assertThat(model.head().weight().gradient()).isEmpty();
        }
    }

    @Test
    void scoresAreTheLogProbabilitiesOfTheTokens() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 1)) {
            long[] ids = TinyModels.ids(9, 4);
            TokenBatch batch = TokenBatch.of(ids, 4, 5);
            TokenScores scores = TokenScores.of(model, batch);
            Tensor logits = model.logits(model.hidden(batch, null));
            float[] all = Torch.toFloats(torch.log_softmax(logits, 1));
            long[] best = Torch.toLongs(logits.argmax(new LongOptional(1), false));
            for (int i = 0; i < 9; i++) {
                boolean first = i == 0 || i == 4;
                float wanted = first ? 0 : all[(i - 1) * 50 + (int) ids[i]];
                assertThat(scores.logProbabilities()[i]).isCloseTo(wanted, Offset.offset(1e-5f));
                assertThat(scores.greedy()[i]).isEqualTo(!first && best[i - 1] == ids[i]);
            }
        }
    }

    @Test
    void weightsMustMatchTheTokens() {
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(new long[] {1, 2}, 2);
            assertThatThrownBy(() -> LinearCrossEntropy.of(batch, new float[3], 1))
                    .hasMessage("3 token weights for 2 tokens");
        }
    }
}
