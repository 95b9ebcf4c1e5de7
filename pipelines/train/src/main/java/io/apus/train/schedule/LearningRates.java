package io.apus.train.schedule;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TrainSpec;
import io.apus.train.arguments.Arguments;
import java.util.Set;
import java.util.function.Function;

/** The learning-rate schedules by their lr_scheduler_type, as in transformers 4.57's optimization.py. */
public final class LearningRates {
    private static final String PLATEAU = "reduce_lr_on_plateau";

    private static final Registry<Function<Schedule, LearningRate>> ALL = Registry.of(
            "lr_scheduler_type",
            entry("linear", Schedules::linear),
            entry("cosine", Schedules::cosine),
            entry("cosine_with_restarts", Schedules::cosineWithRestarts),
            entry("polynomial", Schedules::polynomial),
            entry("constant", schedule -> schedule.scaled(step -> 1)),
            entry("constant_with_warmup", schedule -> schedule.warmed(step -> 1)),
            entry("inverse_sqrt", Schedules::inverseSqrt),
            entry(PLATEAU, Plateau::of),
            entry("cosine_with_min_lr", Schedules::cosineWithMinLr),
            entry("cosine_warmup_with_min_lr", Schedules::cosineWarmupWithMinLr),
            entry("warmup_stable_decay", Schedules::warmupStableDecay));

    private LearningRates() {}

    public static Set<String> names() {
        return ALL.names();
    }

    /**
     * The schedule that {@code spec} asks for.
     *
     * @param baseRate what it starts from
     * @throws io.apus.schemas.UserError when lr_scheduler_kwargs does not fit it
     */
    public static LearningRate of(TrainSpec spec, double baseRate, int totalSteps) {
        Arguments arguments = new Arguments("lr_scheduler_kwargs", spec.lrSchedulerKwargs());
        Schedule schedule = new Schedule(baseRate, warmupSteps(spec, totalSteps), totalSteps, arguments);
        LearningRate rate = ALL.get(spec.lrSchedulerType()).apply(schedule);
        arguments.requireAllKnown("lr_scheduler_type " + spec.lrSchedulerType());
        return rate;
    }

    /** Throws where the schedule follows evaluations and there will be none. */
    public static void requireEvaluations(TrainSpec spec, boolean validationRows) {
        boolean none = !validationRows || spec.evaluationStrategy().equals("no");
        if (spec.lrSchedulerType().equals(PLATEAU) && none) {
            throw new UserError(
                    "Cannot train",
                    PLATEAU + " follows the evaluation loss, and "
                            + (validationRows ? "eval_strategy is no" : "there are no validation rows"),
                    "Give val_dataset or split_dataset_ratio and eval_strategy steps, or another lr_scheduler_type.");
        }
    }

    static int warmupSteps(TrainSpec spec, int totalSteps) {
        return spec.warmupSteps() > 0 ? spec.warmupSteps() : (int) Math.ceil(totalSteps * spec.warmupRatio());
    }
}
