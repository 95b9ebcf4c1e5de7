package io.apus.train.parallel;

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
