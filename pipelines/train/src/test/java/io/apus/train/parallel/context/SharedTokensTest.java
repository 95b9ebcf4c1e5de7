package io.apus.train.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedTokensTest {
    private static ModelConfig config(String family) {
        return ModelConfig.read(Path.of("../model/src/test/resources/golden", family));
    }

    private static ParallelPlan plan(int cp) {
        return new ParallelPlan(1, 1, 1, cp, 1, 0, false, false);
    }

    /** Four heads with two key-value heads. */
    @ParameterizedTest
    @CsvSource({"2, 2", "4, 4", "3, 1", "6, 2", "8, 4", "12, 4"})
    void asManyRanksShareHeadsAsTheseAllow(int ranks, int sharing) {
        assertThat(SharedTokens.headRanks(plan(ranks), config("llama"))).isEqualTo(sharing);
    }

    @Test
    void cappedScoresDoNotGoRoundARing() throws Exception {
        TrainSpec train = new ObjectMapper().convertValue(Map.of(), TrainSpec.class);

        ThreadRanks.run(3, world -> {
            Grid grid = Grid.of(plan(3), world);
            try (DecoderModel model = DecoderModel.random(config("gemma2"), 1)) {
                assertThatThrownBy(() -> SharedTokens.of(grid, train, TunerSpec.of("full"), model))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("softcap");
            }
            return null;
        });
    }
}
