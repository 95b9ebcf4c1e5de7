package io.apus.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.head.EmbeddingObjectives;
import io.apus.model.head.LabelObjectives;
import io.apus.model.head.LinearHead;
import io.apus.model.head.Pooling;
import io.apus.model.head.PreferenceHead;
import io.apus.model.head.RowHead;
import io.apus.model.head.RowObjective;
import io.apus.model.head.UnitHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole step's gradients against central differences of the loss; differences of width 0.02 leave 2e-3 of float32's rounding. */
class PooledLossTest {
    private static final float STEP = 0.01f;

    private DecoderModel model;
    private LinearHead score;
    private long baseline;

    @BeforeEach
    void open() {
        baseline = Scope.liveNatives();
        model = DecoderModel.random(TinyModels.qwen3(), 3);
        model.parameters().values().forEach(parameter -> parameter.trainable(true));
        score = LinearHead.random(LinearHead.Layout.score(3, 16), 0.4, 5);
        score.weight().trainable(true);
    }

    @AfterEach
    void close() {
        score.close();
        model.close();
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void aClassifierTrainsItsHeadAndItsDecoder() {
        check(Pooling.last(), score, LabelObjectives.singleLabel(2, 0), 0.5, score.weight());
        check(Pooling.of("mean_tokens"), score, LabelObjectives.multiLabel(1, 0, 1, 0, 0, 1), 1 / 6.0, score.weight());
        try (Scope scope = Scope.open()) {
            assertThat(model.head().weight().gradient()).isEmpty();
        }
    }

    @Test
    void embeddingsTrainTheDecoder() {
        check(
                Pooling.last(),
                new UnitHead(),
                EmbeddingObjectives.infoNce(0.5, true, 2),
                1,
                model.finalNorm().parameters().get(0));
    }

    @Test
    void aGenerativeRerankerTrainsTheOutputHead() {
        RowHead yesNo = new PreferenceHead(model.head(), 7, 9);
        check(
                Pooling.last(),
                yesNo,
                LabelObjectives.multiLabel(1, 0),
                0.5,
                model.head().weight());
    }

    private void check(Pooling pooling, RowHead head, RowObjective objective, double scale, Parameter extra) {
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(TinyModels.ids(9, 4), 4, 5);
            PooledLoss loss = new PooledLoss(batch, pooling, head, objective, scale);
            LossStatistics statistics = new Backpropagation(model, true).step(batch, loss, 1, GradientSink.none());
            assertThat(statistics.lossSum()).isCloseTo(measure(batch, loss), Offset.offset(1e-5));
            for (Parameter parameter : List.of(
                    extra,
                    model.parameters().get("model.layers.0.mlp.up_proj.weight"),
                    model.parameters().get("model.layers.2.self_attn.v_proj.weight"))) {
                float[] gradient = Torch.toFloats(parameter.gradient().orElseThrow());
                int index = largest(gradient);
                double slope = scale
                        * (moved(parameter, index, STEP, batch, loss) - moved(parameter, index, -STEP, batch, loss))
                        / (2 * STEP);
                assertThat((double) gradient[index]).as(parameter.name()).isCloseTo(slope, Offset.offset(2e-3));
            }
        }
        model.parameters().values().forEach(Parameter::clearGradient);
        score.weight().clearGradient();
    }

    private double measure(TokenBatch batch, PooledLoss loss) {
        try (Scope scope = Scope.open()) {
            return loss.measure(model.hidden(batch, null)).lossSum();
        }
    }

    private double moved(Parameter parameter, int index, float by, TokenBatch batch, PooledLoss loss) {
        try (Scope scope = Scope.open()) {
            parameter.tensor().detach().view(-1).narrow(0, index, 1).add_(Torch.scalar(by));
            double moved = measure(batch, loss);
            parameter.tensor().detach().view(-1).narrow(0, index, 1).sub_(Torch.scalar(by));
            return moved;
        }
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
        }
        return largest;
    }
}
