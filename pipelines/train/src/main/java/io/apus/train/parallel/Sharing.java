package io.apus.train.parallel;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.Tuners;
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
import io.apus.train.parallel.tensor.WholeLinears;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether ranks can share a run's model as its plan says, known before anything is loaded. */
public record Sharing(ParallelPlan plan, TrainSpec train, TunerSpec tuner, QuantiseSpec quantise) {
    /** Throws one error with everything that cannot be, and the numbers why. */
    public void check(ModelConfig config) {
        List<String> problems = new ArrayList<>();
        if (plan.pp() > 1) {
            StageSplit.problems(plan.pp(), config.described().blocks().size())
                    .forEach(problem -> problems.add("pp " + plan.pp() + ": " + problem));
        }
        note(
                problems,
                train.sharing().placement().given() && tuner.tunerType().equals("longlora"),
                "device_map cannot be joined with tuner_type longlora");
        if (plan.tp() > 1) {
            tensor(problems, "tp " + plan.tp() + ": ", config.described());
        }
        if (plan.ep() > 1) {
            ExpertSplit.problems(config.described(), plan.ep())
                    .forEach(problem -> problems.add("ep " + plan.ep() + ": " + problem));
        }
        boolean banks = !ExpertSlot.in(config.described().blocks()).isEmpty();
        note(problems, banks && plan.ep() > 1 && spreadsMatrices(), withoutWholes("ep " + plan.ep() + ": "));
        note(
                problems,
                banks && plan.tp() > 1 && plan.ep() > 1,
                "tp " + plan.tp() + ", ep " + plan.ep()
                        + ": the experts lie in one tensor, which is cut by experts or inside each of them: use one of both");
        if (!problems.isEmpty()) {
            throw new UserError("Cannot train", String.join("; ", problems), "Change parallel.");
        }
    }

    /** What ranks of {@code tp} do not share though the plan might lead to think so. */
    public WholeLinears whole(ModelConfig config) {
        return plan.tp() == 1
                ? new WholeLinears(Map.of())
                : WholeLinears.of(config, plan.tp(), Quantisers.of(quantise), Tuners.of(tuner));
    }

    /** Refuses a tuner that looks at whole gradients or weights where a rank has parts of them alone. */
    public void check(Tuner attached) {
        if (train.sharing().placement().given() && attached.readsGradients()) {
            throw new UserError(
                    "Cannot train",
                    "device_map spreads gradients that this tuner looks at together",
                    "Leave device_map out.");
        }
        if (plan.zero() > 0 && attached.readsGradients()) {
            throw new UserError(
                    "Cannot train",
                    train.sharing().spread() + " spreads gradients that this tuner looks at as a whole",
                    "Leave it out.");
        }
    }

    /** Refuses a model, with its tuner attached, of which ranks with other experts would train other blocks. */
    public void check(DecoderModel attached) {
        if (plan.ep() > 1 && !ExpertSplit.even(attached, plan.ep(), train.lisa().lisaActivatedLayers() > 0)) {
            throw new UserError(
                    "Cannot train",
                    "ep " + plan.ep() + ": in the first block that learns, only experts of some ranks are trained",
                    "Train something else there too, experts of every rank or q_proj, or leave ep out.");
        }
    }

    private void tensor(List<String> problems, String tp, Decoder described) {
        TensorSplit.problems(described, plan.tp()).forEach(problem -> problems.add(tp + problem));
        note(problems, spreadsMatrices(), withoutWholes(tp));
    }

    private boolean spreadsMatrices() {
        return plan.zero() > 0 && !Optimisers.byElement(train);
    }

    private String withoutWholes(String divided) {
        String spread = train.sharing().spread();
        return divided + "with " + spread
                + " no rank is given whole matrices, which the optimiser looks at: use adamw_torch, or leave " + spread
                + " out";
    }

    private static void note(List<String> problems, boolean wrong, String what) {
        if (wrong) {
            problems.add(what);
        }
    }
}
