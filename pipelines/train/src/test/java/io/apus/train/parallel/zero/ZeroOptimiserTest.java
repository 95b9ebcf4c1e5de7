package io.apus.train.parallel.zero;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ModelShare;
import io.apus.train.parallel.ThreadRanks;
import io.apus.train.reduce.WireType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ZeroOptimiserTest {
    /** LISA lets layers take turns, and a run may load its best weights at any of them. */
    @Test
    void loadedWeightsReachAllRanksWhateverLearnsAtThatMoment() throws Exception {
        for (boolean filled : ThreadRanks.run(2, ZeroOptimiserTest::loads)) {
            assertThat(filled).isTrue();
        }
    }

    private static boolean loads(Collectives ranks) {
        TrainSpec spec =
                new JsonMapper().convertValue(Map.of("sharing", Map.of("deepspeed", "zero1")), TrainSpec.class);
        ModelConfig config = ModelConfig.read(Path.of("../model/src/test/resources/golden", "llama"));
        try (NoGrad guard = Torch.noGrad();
                DecoderModel model = DecoderModel.random(config, 7)) {
            List<Parameter> trained = List.copyOf(model.parameters().values());
            trained.forEach(parameter -> parameter.trainable(true));
            try (ModelShare share = ModelShare.of(Grid.replicas(ranks), model);
                    ZeroHolding holding = new ZeroHolding(model, trained, spec, one -> 1, share, 1, WireType.FLOAT32)) {
                model.blocks().get(0).parameters().forEach(parameter -> parameter.trainable(false));
                ShardedState weights = holding.weights(new TreeMap<>());
                weights.wanted().forEach(piece -> piece.tensor().fill_(Torch.scalar(7)));
                weights.filled();
                return trained.stream()
                        .allMatch(parameter ->
                                parameter.tensor().eq(Torch.scalar(7)).all().item_bool());
            }
        }
    }
}
