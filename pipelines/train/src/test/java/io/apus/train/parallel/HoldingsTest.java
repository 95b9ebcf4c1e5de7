package io.apus.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.part.Holding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldingsTest {
    private static final ParallelPlan EP = new ParallelPlan(2, 1, 1, 1, 2, 0, false, false);

    /** How much is summed at once follows from how much is trained, and one rank trains an expert that the other has not. */
    @Test
    void ranksWithUnlikeExpertsSumAllElseInTheSameBuckets() throws Exception {
        List<Integer> counts = ThreadRanks.run(2, HoldingsTest::buckets);

        // Embedding and head, and on one rank three matrices of an expert.
        assertThat(counts).containsExactly(2, 2 + 3);
    }

    private static int buckets(Collectives ranks) {
        ModelConfig config = ModelConfig.read(Path.of("../model/src/test/resources/golden/mixtral"))
                .with("intermediate_size", 6_000)
                .with("num_hidden_layers", 1)
                .with("vocab_size", 2_200);
        Grid grid = Grid.of(EP, ranks);
        try (DecoderModel model = DecoderModel.random(config, 7)) {
            model.parameters().forEach((name, one) -> one.trainable(!name.matches(".*experts\\.[0-2]\\..*")));
            try (ModelShare share = ModelShare.of(grid, model)) {
                List<Parameter> trained = model.parameters().values().stream()
                        .filter(Parameter::trainable)
                        .toList();
                TrainSpec spec = new JsonMapper().convertValue(Map.of(), TrainSpec.class);
                try (Holding holding = Holdings.of(grid, share, model, trained, spec, one -> 1)) {
                    return holding.gradients().count();
                }
            }
        }
    }
}
