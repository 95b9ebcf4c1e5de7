package io.apus.train.parallel;

import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import java.util.ArrayList;
import java.util.List;

/** Which ways of sharing a model's work the trainer knows. */
public final class Sharing {
    private Sharing() {}

    /** Refuses plans that nothing here can carry out. */
    public static void requireKnown(ParallelPlan plan) {
        List<String> unknown = new ArrayList<>();
        note(unknown, plan.tp() > 1, "tp " + plan.tp());
        note(unknown, plan.pp() > 1, "pp " + plan.pp());
        note(unknown, plan.cp() > 1, "cp " + plan.cp());
        note(unknown, plan.ep() > 1, "ep " + plan.ep());
        if (!unknown.isEmpty()) {
            throw new UserError(
                    "Cannot train",
                    String.join(", ", unknown) + " cannot be carried out yet",
                    "Use replicas (dp) alone.");
        }
    }

    /** Refuses checkpoints of what no rank has all of. */
    public static void requireSavable(ParallelPlan plan, String saveStrategy) {
        if (plan.zero() > 0 && !saveStrategy.equals("no")) {
            throw new UserError(
                    "Cannot train",
                    "save_strategy is " + saveStrategy + ", and with deepspeed zero" + plan.zero()
                            + " no rank has all that a checkpoint holds",
                    "Use save_strategy no.");
        }
    }

    /** Refuses a tuner that looks at whole gradients or weights where a rank has parts of them alone. */
    public static void requireFits(ParallelPlan plan, Tuner tuner) {
        if (plan.zero() > 0 && tuner.readsGradients()) {
            throw new UserError(
                    "Cannot train",
                    "deepspeed zero" + plan.zero() + " spreads gradients that this tuner looks at as a whole",
                    "Leave deepspeed out.");
        }
    }

    private static void note(List<String> unknown, boolean wanted, String what) {
        if (wanted) {
            unknown.add(what);
        }
    }
}
