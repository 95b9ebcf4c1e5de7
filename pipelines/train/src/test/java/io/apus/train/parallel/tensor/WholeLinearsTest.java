package io.apus.train.parallel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ModelShare;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A plan says beforehand which linears ranks will keep whole, whatever tuner there is. */
class WholeLinearsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RANKS = 2;

    @Test
    void theFormsOfOneMethodDiffer() throws Exception {
        assertThat(asPlanned("bone", Map.of("lora", Map.of("loraRank", 4)))).isEmpty();
        assertThat(asPlanned("bone", Map.of("lora", Map.of("loraRank", 24)))).allMatch(name -> name.endsWith("_proj"));
        assertThat(asPlanned("bone", Map.of("initWeights", "bat"))).hasSize(14);
    }

    @Test
    void everyTunerKeepsWhatThePlanSays() throws Exception {
        Map<String, Object> few =
                Map.of("fourier", Map.of("fourierNFrequency", 100), "block", Map.of("llamaproNumNewBlocks", 1));
        Set<String> others = new TreeSet<>(Tuners.names());
        assertThat(others.remove("oft") && others.remove("boft")).isTrue();
        for (String tuner : others) {
            assertThat(asPlanned(tuner, Map.of("methods", few))).as(tuner).isEmpty();
        }
        for (String turning : List.of("oft", "boft")) {
            assertThat(asPlanned(turning, Map.of())).hasSize(4).allMatch(name -> name.matches(".*(o|down)_proj"));
        }
    }

    /** The linears that two ranks keep whole, which are those of the plan. */
    private static Set<String> asPlanned(String type, Map<String, Object> options) throws Exception {
        Map<String, Object> all = new HashMap<>(options);
        all.put("tunerType", type);
        TunerSpec spec = JSON.convertValue(all, TunerSpec.class);
        ModelConfig config = ModelConfig.read(Path.of("../model/src/test/resources/golden/llama"));
        ParallelPlan plan = new ParallelPlan(1, RANKS, 1, 1, 1, 0, false, false);
        List<Set<String>> ranks = ThreadRanks.run(RANKS, world -> {
            Tuner tuner = Tuners.of(spec);
            try (Scope scope = Scope.open();
                    DecoderModel model = DecoderModel.random(config, 1)) {
                tuner.attach(model, 1);
                try (ModelShare share = ModelShare.of(Grid.of(plan, world), model)) {
                    return WholeLinears.of(model);
                }
            }
        });
        assertThat(ranks.get(1)).isEqualTo(ranks.get(0));
        assertThat(WholeLinears.of(config, RANKS, Optional.empty(), Tuners.of(spec))
                        .names())
                .isEqualTo(ranks.get(0));
        return ranks.get(0);
    }
}
