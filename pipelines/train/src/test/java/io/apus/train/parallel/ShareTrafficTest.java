package io.apus.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.tensor.collective.Traffic;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pass sends, counted and compared with theory. */
class ShareTrafficTest {
    private static final int TOKENS = 11;
    private static final int HIDDEN = 32;
    private static final int LAYERS = 2;
    private static final long STATES = (long) TOKENS * HIDDEN * Float.BYTES;
    /** All tokens but the first of each segment. */
    private static final int TARGETS = TOKENS - 2;

    private static ModelConfig config(String family) {
        return ModelConfig.read(Path.of("../model/src/test/resources/golden", family));
    }

    private static List<Traffic> pass(ModelConfig config, ParallelPlan plan, boolean checkpointed) throws Exception {
        return ThreadRanks.run(plan.ranks(), world -> {
            Grid grid = Grid.of(plan, world);
            try (DecoderModel model = DecoderModel.random(config, 3)) {
                model.parameters().values().forEach(parameter -> parameter.trainable(true));
                try (ModelShare share = ModelShare.of(grid, model)) {
                    TokenBatch batch =
                            TokenBatch.of(LongStream.range(1, TOKENS + 1).toArray(), 5, TOKENS - 5);
                    float[] weights = new float[TOKENS];
                    Arrays.fill(weights, 1);
                    new Backpropagation(model, checkpointed)
                            .step(batch, LinearCrossEntropy.of(batch, weights, 1), 1, GradientSink.none());
                    model.parameters().values().forEach(Parameter::clearGradient);
                }
            }
            return world.traffic();
        });
    }

    /**
     * Two all-reduces a block forward, two backward, and two again where the block is computed again. The embedding adds up states; the loss takes of each
     * target the largest logit, the sum of exponentials, the target's own logit, and the gradient of its states.
     */
    @ParameterizedTest
    @CsvSource({"llama, 2, false, 4", "gemma2, 2, true, 6", "falcon_rw, 4, false, 4"})
    void sharedMatricesReduceStatesFourTimesABlock(String family, int tp, boolean checkpointed, int reductions)
            throws Exception {
        ParallelPlan plan = new ParallelPlan(1, tp, 1, 1, 1, 0, false, false);

        long ofBlocks = STATES * LAYERS * reductions;
        long ofVocabulary = STATES + TARGETS * (3 + HIDDEN) * (long) Float.BYTES;
        for (Traffic traffic : pass(config(family), plan, checkpointed)) {
            // What a ring sends of B bytes is 2 B (n - 1) / n.
            assertThat(traffic.bytes(Traffic.Kind.ALL_REDUCE)).isEqualTo(2 * (ofBlocks + ofVocabulary) / tp * (tp - 1));
        }
    }

    /** Where a token goes to all experts, half of its copies are for the other of two ranks: there, back, and both ways for gradients. */
    @Test
    void tokensTravelToTheirExpertsAndBack() throws Exception {
        ModelConfig config = config("mixtral").with("num_experts_per_tok", 4);
        ParallelPlan plan = new ParallelPlan(2, 1, 1, 1, 2, 0, false, false);

        for (Traffic traffic : pass(config, plan, false)) {
            assertThat(traffic.bytes(Traffic.Kind.ALL_TO_ALL)).isEqualTo(2 * STATES * 4 * LAYERS);
        }
    }
}
