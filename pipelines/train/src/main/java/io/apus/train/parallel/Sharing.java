package io.apus.train.parallel;

import io.apus.model.ModelConfig;
import io.apus.model.layer.Decoder;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.optimize.Optimisers;
import io.apus.train.parallel.expert.ExpertSplit;
import io.apus.train.parallel.pipeline.StageSplit;
import io.apus.train.parallel.tensor.TensorSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether ranks can share a run's model as its plan says, known before anything is loaded. */
public record Sharing(ParallelPlan plan, TrainSpec train, TunerSpec tuner, QuantiseSpec quantise) {
    private static final Set<String> TUNERS = Set.of("full", "lora");

    /** Throws one error with everything that cannot be, and the numbers why. */
    public void check(ModelConfig config) {
        List<String> problems = new ArrayList<>();
        if (plan.pp() > 1) {
            StageSplit.problems(plan.pp(), config.described().blocks().size(), train, tuner)
                    .forEach(problem -> problems.add("pp " + plan.pp() + ": " + problem));
        }
        note(
                problems,
                plan.zero() > 0 && plan.tp() * plan.ep() * plan.pp() > 1,
                "deepspeed zero" + plan.zero() + " cannot be joined with tp, pp or ep");
        if (plan.tp() > 1) {
            tensor(problems, "tp " + plan.tp() + ": ", config.described());
        }
        if (plan.ep() > 1) {
            ExpertSplit.problems(config.described(), plan.ep())
                    .forEach(problem -> problems.add("ep " + plan.ep() + ": " + problem));
            tuner(problems, "ep " + plan.ep() + ": ");
            note(
                    problems,
                    !tuner.targets().targetParameters().isEmpty(),
                    "ep " + plan.ep() + ": target_parameters needs all experts of a layer on each rank");
        }
        if (!problems.isEmpty()) {
            throw new UserError("Cannot train", String.join("; ", problems), "Change parallel.");
        }
    }

    /** Refuses a tuner that looks at whole gradients or weights where a rank has parts of them alone. */
    public void check(Tuner attached) {
        if (plan.zero() > 0 && attached.readsGradients()) {
            throw new UserError(
                    "Cannot train",
                    "deepspeed zero" + plan.zero() + " spreads gradients that this tuner looks at as a whole",
                    "Leave deepspeed out.");
        }
    }

    private void tensor(List<String> problems, String tp, Decoder described) {
        TensorSplit.problems(described, plan.tp()).forEach(problem -> problems.add(tp + problem));
        tuner(problems, tp);
        note(problems, tuner.lora().useDora(), tp + "use_dora needs whole matrices");
        note(problems, quantise.quantMethod() != null, tp + "quantised weights cannot be divided");
        note(problems, !Optimisers.byElement(train), tp + "the optimiser looks at whole matrices; use adamw_torch");
    }

    private void tuner(List<String> problems, String plan) {
        note(
                problems,
                !TUNERS.contains(tuner.tunerType()),
                plan + "tuner_type " + tuner.tunerType() + " cannot be shared, full and lora can");
    }

    private static void note(List<String> problems, boolean wrong, String what) {
        if (wrong) {
            problems.add(what);
        }
    }
}
