package io.apus.train.parallel;

import io.apus.model.ModelConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import java.util.ArrayList;
import java.util.List;

/** Which ways of sharing a model's work the trainer knows. */
public final class Sharing {
    private Sharing() {}

    /** Refuses plans that nothing here can carry out, or not for a model of {@code config}. */
    public static void check(ParallelPlan plan, ModelConfig config) {
        requireKnown(plan);
        int heads = config.numAttentionHeads();
        int groups = config.numKeyValueHeads();
        int cp = plan.cp();
        if (heads % cp != 0 || (groups % cp != 0 && cp % groups != 0)) {
            throw new UserError(
                    "Cannot share the tokens of a row among " + cp + " ranks",
                    "each takes a share of the heads, and " + heads + " heads with " + groups
                            + " key-value heads do not divide so",
                    "Choose a sequence_parallel_size (parallel cp) that divides both.");
        }
    }

    private static void requireKnown(ParallelPlan plan) {
        List<String> unknown = new ArrayList<>();
        note(unknown, plan.tp() > 1, "tp " + plan.tp());
        note(unknown, plan.pp() > 1, "pp " + plan.pp());
        note(unknown, plan.ep() > 1, "ep " + plan.ep());
        note(unknown, plan.zero() > 0, "deepspeed zero" + plan.zero());
        if (!unknown.isEmpty()) {
            throw new UserError(
                    "Cannot train",
                    String.join(", ", unknown) + " cannot be carried out yet",
                    "Use replicas (dp) alone.");
        }
    }

    private static void note(List<String> unknown, boolean wanted, String what) {
        if (wanted) {
            unknown.add(what);
        }
    }
}
