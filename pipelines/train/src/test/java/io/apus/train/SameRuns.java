package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.World;
import io.apus.train.parallel.ThreadRanks;
import java.util.ArrayList;
import java.util.List;

/** Runs of the same steps on one rank and on several, compared step by step. */
final class SameRuns {
    private SameRuns() {}

    static List<JsonNode> alone(TrainTask task) {
        List<JsonNode> steps = new ArrayList<>();
        Trainer.run(task, World.alone(), line -> TinyRun.addStep(steps, line));
        return steps;
    }

    static List<JsonNode> shared(TrainTask task) throws Exception {
        List<JsonNode> steps = new ArrayList<>();
        ThreadRanks.worlds(
                task.train().worldSize(), world -> Trainer.run(task, world, line -> TinyRun.addStep(steps, line)));
        return steps;
    }

    /** Same losses and gradient norms, relative where these are above 1. */
    static void require(List<JsonNode> alone, List<JsonNode> shared, double rounding, String plan) {
        assertThat(shared).hasSameSizeAs(alone);
        for (int i = 0; i < alone.size(); i++) {
            for (String key : List.of("loss", "grad_norm")) {
                double one = alone.get(i).get(key).asDouble();
                assertThat(shared.get(i).get(key).asDouble())
                        .as(plan + ", " + key + " of step " + (i + 1))
                        .isCloseTo(one, within(rounding * Math.max(1, one)));
            }
        }
    }
}
