package io.apus.train.parallel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.RouterLoss;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Traffic;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ModelShare;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages of a pipeline together do what one rank does: same loss and gradients, with no more memory and traffic than the schedule asks for. */
class OneForwardOneBackwardTest {
    /** Micro-batches of different lengths, more than there are stages. */
    private static final int[] LENGTHS = {7, 12, 3, 9, 5};

    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

    private static ModelConfig config(boolean tied) {
        return ModelConfig.read(Path.of("../model/src/test/resources/golden/llama"))
                .with("num_hidden_layers", 4)
                .with("tie_word_embeddings", tied);
    }

    private static DecoderModel model(boolean tied, boolean embeddingTrained) {
        DecoderModel model = DecoderModel.random(config(tied), 3);
        model.parameters()
                .values()
                .forEach(parameter ->
                        parameter.trainable(embeddingTrained || parameter.name().startsWith("model.layers.2")));
        return model;
    }

    private static Pass pass(int number) {
        int tokens = LENGTHS[number];
        TokenBatch batch =
                TokenBatch.of(LongStream.range(number, number + tokens).toArray(), 2, tokens - 2);
        float[] weights = new float[tokens];
        Arrays.fill(weights, 1);
        return new Pass(batch, LinearCrossEntropy.of(batch, weights, 0.1), RouterLoss.NONE, number);
    }

    /** What one rank has after a step. */
    private record Outcome(LossStatistics statistics, Map<String, float[]> gradients, int mostAlive, long sent) {
        static Outcome of(DecoderModel model, LossStatistics statistics, int mostAlive, Collectives world) {
            Map<String, float[]> gradients = new HashMap<>();
            for (Parameter parameter : model.parameters().values()) {
                if (parameter.trainable()) {
                    gradients.put(parameter.name(), Torch.toFloats(parameter.gradientBuffer()));
                    parameter.clearGradient();
                }
            }
            return new Outcome(statistics, gradients, mostAlive, world.traffic().bytes(Traffic.Kind.SEND));
        }
    }

    private static List<Outcome> step(int stages, boolean tied, boolean embeddingTrained, boolean checkpointed)
            throws Exception {
        ParallelPlan plan = new ParallelPlan(1, 1, stages, 1, 1, 0, false, false);
        return ThreadRanks.run(stages, world -> {
            Torch.threads(1);
            Grid grid = Grid.of(plan, world);
            try (DecoderModel model = model(tied, embeddingTrained);
                    ModelShare share = ModelShare.of(grid, model)) {
                Backpropagation backpropagation = new Backpropagation(model, checkpointed);
                Passing passing = Passing.of(model, backpropagation, grid.pipeline());
                LossStatistics own =
                        passing.train(LENGTHS.length, OneForwardOneBackwardTest::pass, i -> GradientSink.none());
                List<Parameter> trained = model.parameters().values().stream()
                        .filter(Parameter::trainable)
                        .toList();
                share.complete(trained);
                int alive = passing instanceof OneForwardOneBackward pipeline ? pipeline.mostAlive() : 1;
                return Outcome.of(model, own, alive, world);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"2, true, true, false", "3, true, true, true", "4, false, true, false", "3, true, false, false"})
    void stagesComputeWhatOneRankDoes(int stages, boolean tied, boolean embeddingTrained, boolean checkpointed)
            throws Exception {
        Outcome alone = step(1, tied, embeddingTrained, false).get(0);

        List<Outcome> ranks = step(stages, tied, embeddingTrained, checkpointed);

        assertThat(ranks.get(stages - 1).statistics()).isEqualTo(alone.statistics());
        assertThat(ranks.subList(0, stages - 1))
                .allSatisfy(rank -> assertThat(rank.statistics()).isEqualTo(LossStatistics.ZERO));
        Map<String, float[]> all = new HashMap<>();
        for (Outcome rank : ranks) {
            rank.gradients().forEach((name, gradient) -> {
                float[] other = all.put(name, gradient);
                if (other != null) {
                    assertThat(gradient).as("both copies of " + name).isEqualTo(other);
                }
            });
        }
        assertThat(all.keySet()).isEqualTo(alone.gradients().keySet());
        alone.gradients()
                .forEach((name, gradient) -> assertThat(all.get(name)).as(name).containsExactly(gradient, ROUNDING));
    }

    @Test
    void aStageKeepsNoMoreMicroBatchesThanStagesFollowIt() throws Exception {
        List<Outcome> ranks = step(3, true, true, false);

        assertThat(ranks).extracting(Outcome::mostAlive).containsExactly(3, 2, 1);
    }

    /** Every border is crossed by the states of every micro-batch forward, and by their gradients back where something before learns. */
    @Test
    void neighboursSendStatesAndGradientsOnce() throws Exception {
        long states = Arrays.stream(LENGTHS).sum() * (long) config(true).hiddenSize() * Float.BYTES;

        assertThat(step(3, true, true, false)).extracting(Outcome::sent).containsExactly(states, 2 * states, states);
        // Nothing before block 2, on the last of two stages, is trained: no gradient goes back.
        assertThat(step(2, true, false, false)).extracting(Outcome::sent).containsExactly(states, 0L);
    }

    @Test
    void aStageHoldsItsOwnBlocksAlone() throws Exception {
        long before = Scope.liveNatives();

        List<Outcome> ranks = step(4, true, true, false);

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        assertThat(ranks.get(1).gradients().keySet()).allMatch(name -> name.startsWith("model.layers.1."));
        assertThat(ranks.get(3).gradients().keySet())
                .containsAll(Set.of("model.norm.weight", "model.embed_tokens.weight"))
                .noneMatch(name -> name.startsWith("model.layers.2."));
    }

    @Test
    void evaluationPassesThroughAllStages() throws Exception {
        ParallelPlan plan = new ParallelPlan(1, 1, 2, 1, 1, 0, false, false);
        List<float[]> hidden = ThreadRanks.run(2, world -> {
            Grid grid = Grid.of(plan, world);
            try (DecoderModel model = model(true, true);
                    ModelShare share = ModelShare.of(grid, model)) {
                Passing passing = Passing.of(model, new Backpropagation(model, false), grid.pipeline());
                return passing.hidden(pass(1).tokens()).map(Torch::toFloats).orElse(new float[0]);
            }
        });

        try (Scope scope = Scope.open();
                DecoderModel whole = model(true, true)) {
            assertThat(hidden.get(1)).isEqualTo(Torch.toFloats(whole.hidden(pass(1).tokens(), null)));
        }
        assertThat(hidden.get(0)).isEmpty();
    }
}
