package io.apus.train.parallel;

import io.apus.model.ModelConfig;
import io.apus.schemas.World;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.train.parallel.expert.ExpertSplit;
import io.apus.train.parallel.pipeline.StageSplit;
import java.util.Set;
import java.util.function.Predicate;

/** Which weights a rank will compute with, known before the ranks have met: no other is worth quantising. */
public final class OwnWeights {
    private OwnWeights() {}

    /** By the names of linears, and of experts in banks. */
    public static Predicate<String> of(ModelConfig config, ParallelPlan plan, World world) {
        Set<String> stage = StageSplit.linears(config, Grid.stage(plan, world), plan.pp());
        Set<String> elsewhere = ExpertSplit.elsewhere(config.described(), Grid.expertRank(plan, world), plan.ep());
        return name -> stage.contains(name) && !elsewhere.contains(name);
    }
}
