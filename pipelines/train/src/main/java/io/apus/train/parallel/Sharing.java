package io.apus.train.parallel;

import io.apus.model.ModelConfig;
import io.apus.model.layer.Decoder;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.optimize.Optimisers;
import io.apus.train.parallel.expert.ExpertSplit;
import io.apus.train.parallel.tensor.TensorSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether ranks can share a run's model as its plan says, known before anything is loaded. */
public record Sharing(TrainSpec train, TunerSpec tuner, QuantiseSpec quantise) {
    private static final Set<String> TUNERS = Set.of("full", "lora");

    /** Throws one error with everything that cannot be, and the numbers why. */
    public void check(ModelConfig config) {
        check(train.parallelPlan(), config);
    }

    /** The same of a plan for other ranks than the options name. */
    public void check(ParallelPlan plan, ModelConfig config) {
        List<String> problems = new ArrayList<>();
        note(problems, plan.pp() > 1, "pp " + plan.pp() + " cannot be carried out yet");
        tokens(problems, plan, config);
        note(problems, plan.zero() > 0, "deepspeed zero" + plan.zero() + " cannot be carried out yet");
        if (plan.tp() > 1) {
            tensor(problems, "tp " + plan.tp() + ": ", plan, config.described());
        }
        if (plan.ep() > 1) {
            ExpertSplit.problems(config.described(), plan.ep())
                    .forEach(problem -> problems.add("ep " + plan.ep() + ": " + problem));
            tuner(problems, "ep " + plan.ep() + ": ");
        }
        note(
                problems,
                (plan.tp() > 1 || plan.ep() > 1) && !train.saveStrategy().equals("no"),
                "parts of models are not kept in checkpoints yet: set save_strategy no");
        if (!problems.isEmpty()) {
            throw new UserError("Cannot train", String.join("; ", problems), "Change parallel.");
        }
    }

    /** Each rank that has a part of a row attends for a share of the heads that its replica's slice has. */
    private static void tokens(List<String> problems, ParallelPlan plan, ModelConfig config) {
        int heads = config.numAttentionHeads() / plan.tp();
        int groups = Math.max(1, config.numKeyValueHeads() / plan.tp());
        int cp = plan.cp();
        note(
                problems,
                heads % cp != 0 || (groups % cp != 0 && cp % groups != 0),
                "cp " + cp + ": each rank takes a share of the heads, and " + heads + " heads with " + groups
                        + " key-value heads do not divide so");
    }

    private void tensor(List<String> problems, String tp, ParallelPlan plan, Decoder described) {
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
