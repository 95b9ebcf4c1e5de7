package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** How the model is trained. A batch is counted in packed rows. */
@Doc("how the model is trained")
public record TrainSpec(
        @Doc("ranks, one per executor and task slot") Integer worldSize,
        @Doc("rows of one forward pass on one rank") Integer perDeviceTrainBatchSize,
        @Doc("the same for evaluation") Integer perDeviceEvalBatchSize,
        @Doc("forward passes per step; ceil(16 / (batch x world size)) when not given")
                Integer gradientAccumulationSteps,
        @Doc("1e-4, or 1e-5 for full tuning, when not given") Double learningRate,
        @Doc("passes over the data; fractions allowed") Double numTrainEpochs,
        @Doc("steps; wins over num_train_epochs when above 0") Integer maxSteps,
        @Doc("adamw_torch") String optim,
        @Doc("decoupled weight decay; not applied to biases and norms") Double weightDecay,
        @Doc("AdamW beta1") Double adamBeta1,
        @Doc("AdamW beta2") Double adamBeta2,
        @Doc("AdamW epsilon") Double adamEpsilon,
        @Doc("largest gradient norm; 0 switches clipping off") Double maxGradNorm,
        @Doc("cosine, linear, constant or constant_with_warmup") String lrSchedulerType,
        @Doc("share of all steps used to warm up") Double warmupRatio,
        @Doc("steps used to warm up; wins over warmup_ratio when above 0") Integer warmupSteps,
        @Doc("recompute activations in the backward pass to save memory") Boolean gradientCheckpointing,
        @Doc("shuffle rows anew every epoch") Boolean trainDataloaderShuffle,
        @Doc("bring rows of about the same length into the same step; of use without packing") Boolean groupByLength,
        @Doc("steps between log lines") Integer loggingSteps,
        @Doc("log the first step too") Boolean loggingFirstStep,
        @Doc("no, steps or epoch") String saveStrategy,
        @Doc("steps between checkpoints") Integer saveSteps,
        @Doc("checkpoints to keep; all when not given") Integer saveTotalLimit,
        @Doc("no, steps or epoch; as save_strategy when there is validation data, else no, when not given")
                String evalStrategy,
        @Doc("steps between evaluations; save_steps when not given") Integer evalSteps,
        @Doc("where to log besides logging.jsonl: tensorboard, none") List<String> reportTo,
        @Doc("seconds that a rank waits for the others before it gives up") Integer ddpTimeout) {
    public static final List<String> SCHEDULERS = List.of("cosine", "linear", "constant", "constant_with_warmup");
    private static final List<String> STRATEGIES = List.of("no", "steps", "epoch");

    public TrainSpec {
        worldSize = orElse(worldSize, 1);
        perDeviceTrainBatchSize = orElse(perDeviceTrainBatchSize, 1);
        perDeviceEvalBatchSize = orElse(perDeviceEvalBatchSize, 1);
        numTrainEpochs = orElse(numTrainEpochs, 3.0);
        maxSteps = orElse(maxSteps, -1);
        optim = orElse(optim, "adamw_torch");
        weightDecay = orElse(weightDecay, 0.1);
        adamBeta1 = orElse(adamBeta1, 0.9);
        adamBeta2 = orElse(adamBeta2, 0.95);
        adamEpsilon = orElse(adamEpsilon, 1e-8);
        maxGradNorm = orElse(maxGradNorm, 1.0);
        lrSchedulerType = orElse(lrSchedulerType, "cosine");
        warmupRatio = orElse(warmupRatio, 0.0);
        warmupSteps = orElse(warmupSteps, 0);
        gradientCheckpointing = orElse(gradientCheckpointing, true);
        trainDataloaderShuffle = orElse(trainDataloaderShuffle, true);
        groupByLength = orElse(groupByLength, false);
        loggingSteps = orElse(loggingSteps, 5);
        loggingFirstStep = orElse(loggingFirstStep, true);
        saveStrategy = orElse(saveStrategy, "steps");
        saveSteps = orElse(saveSteps, 500);
        evalSteps = orElse(evalSteps, saveSteps);
        reportTo = reportTo == null ? List.of("tensorboard") : List.copyOf(reportTo);
        ddpTimeout = orElse(ddpTimeout, 600);
        Problems problems = new Problems("train")
                .positive("world_size", worldSize)
                .positive("per_device_train_batch_size", perDeviceTrainBatchSize)
                .positive("per_device_eval_batch_size", perDeviceEvalBatchSize)
                .require(
                        maxSteps > 0 || numTrainEpochs > 0, "num_train_epochs", "must be above 0, is " + numTrainEpochs)
                .oneOf("optim", optim, List.of("adamw_torch"))
                .notNegative("weight_decay", weightDecay)
                .require(
                        adamBeta1 >= 0 && adamBeta1 < 1,
                        "adam_beta1",
                        "must be at least 0 and below 1, is " + adamBeta1)
                .require(
                        adamBeta2 >= 0 && adamBeta2 < 1,
                        "adam_beta2",
                        "must be at least 0 and below 1, is " + adamBeta2)
                .positive("adam_epsilon", adamEpsilon)
                .notNegative("max_grad_norm", maxGradNorm)
                .oneOf("lr_scheduler_type", lrSchedulerType, SCHEDULERS)
                .require(
                        warmupRatio >= 0 && warmupRatio <= 1,
                        "warmup_ratio",
                        "must be between 0 and 1, is " + warmupRatio)
                .notNegative("warmup_steps", warmupSteps)
                .positive("logging_steps", loggingSteps)
                .oneOf("save_strategy", saveStrategy, STRATEGIES)
                .positive("save_steps", saveSteps)
                .positive("eval_steps", evalSteps)
                .positive("ddp_timeout", ddpTimeout);
        if (gradientAccumulationSteps != null) {
            problems.positive("gradient_accumulation_steps", gradientAccumulationSteps);
        }
        if (learningRate != null) {
            problems.positive("learning_rate", learningRate);
        }
        if (saveTotalLimit != null) {
            problems.positive("save_total_limit", saveTotalLimit);
        }
        if (evalStrategy != null) {
            problems.oneOf("eval_strategy", evalStrategy, STRATEGIES);
        }
        for (String target : reportTo) {
            problems.oneOf("report_to", target, List.of("tensorboard", "none"));
        }
        problems.throwIfAny();
    }

    /** Rows of one step over all ranks: it stays the same when a run resumes on another number of ranks. */
    public int globalBatchSize() {
        int perPass = perDeviceTrainBatchSize * worldSize;
        int passes = gradientAccumulationSteps != null ? gradientAccumulationSteps : (16 + perPass - 1) / perPass;
        return passes * perPass;
    }

    /** The learning rate, or ms-swift's default for the tuner. */
    public double learningRateFor(TunerSpec tuner) {
        if (learningRate != null) {
            return learningRate;
        }
        return tuner.tunerType().equals("full") ? 1e-5 : 1e-4;
    }
}
