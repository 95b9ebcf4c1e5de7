package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.Map;

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
        @Doc(
                        "adamw_torch, adamw_torch_fused, adafactor, sgd, adagrad, rmsprop, lion_32bit, schedule_free_adamw, schedule_free_radam, schedule_free_sgd; adamw_8bit, lion_8bit and the like keep 8-bit states, paged_ ones keep them in mapped files")
                String optim,
        @Doc("decoupled weight decay; not applied to biases and norms") Double weightDecay,
        @Doc("AdamW beta1") Double adamBeta1,
        @Doc("AdamW beta2") Double adamBeta2,
        @Doc("AdamW epsilon") Double adamEpsilon,
        @Doc("largest gradient norm; 0 switches clipping off") Double maxGradNorm,
        @Doc(
                        "linear, cosine, cosine_with_restarts, polynomial, constant, constant_with_warmup, inverse_sqrt, reduce_lr_on_plateau, cosine_with_min_lr, cosine_warmup_with_min_lr or warmup_stable_decay")
                String lrSchedulerType,
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
        @Doc("where to log besides logging.jsonl: tensorboard, mlflow (the server in MLFLOW_TRACKING_URI), none")
                List<String> reportTo,
        @Doc("seconds that a rank waits for the others before it gives up") Integer ddpTimeout,
        @Doc("arguments of the schedule, e.g. min_lr_rate=0.1; as the functions of transformers name them")
                Map<String, String> lrSchedulerKwargs,
        @Doc("arguments of the optimiser, e.g. momentum=0.9; as the reference implementations name them")
                Map<String, String> optimArgs,
        @Doc(
                        "muon: orthogonalised momentum for matrices, AdamW for the rest; galore and lorap are set by their options")
                String optimizer,
        @Doc("NEFTune: strength of the noise on the embeddings in training") Double neftuneNoiseAlpha,
        @Doc("weight of the loss that balances the load of experts, in models that have them; 0 for none")
                Double routerAuxLossCoef,
        GaloreSpec galore,
        LisaSpec lisa,
        ParallelSpec sharing,
        LaunchSpec launch,
        CheckpointSpec checkpoint,
        LoaderSpec loader) {
    public static final List<String> SCHEDULERS = List.of(
            "linear",
            "cosine",
            "cosine_with_restarts",
            "polynomial",
            "constant",
            "constant_with_warmup",
            "inverse_sqrt",
            "reduce_lr_on_plateau",
            "cosine_with_min_lr",
            "cosine_warmup_with_min_lr",
            "warmup_stable_decay");
    public static final List<String> OPTIMISERS = List.of(
            "adamw_torch",
            "adamw_torch_fused",
            "adamw_8bit",
            "adamw_bnb_8bit",
            "paged_adamw_8bit",
            "paged_adamw_32bit",
            "adafactor",
            "lion_32bit",
            "lion_8bit",
            "paged_lion_32bit",
            "paged_lion_8bit",
            "sgd",
            "adagrad",
            "rmsprop",
            "schedule_free_adamw",
            "schedule_free_radam",
            "schedule_free_sgd");
    private static final List<String> OPTIMIZERS = List.of("default", "galore", "lorap", "muon");
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
        lrSchedulerKwargs = orEmpty(lrSchedulerKwargs);
        optimArgs = orEmpty(optimArgs);
        routerAuxLossCoef = orElse(routerAuxLossCoef, 0.0);
        galore = orElse(galore, GaloreSpec.defaults());
        lisa = orElse(lisa, LisaSpec.defaults());
        checkpoint = orElse(checkpoint, CheckpointSpec.defaults());
        loader = orElse(loader, LoaderSpec.defaults());
        sharing = orElse(sharing, ParallelSpec.defaults());
        gradientCheckpointing = gradientCheckpointing || sharing.recomputes();
        launch = orElse(launch, LaunchSpec.defaults());
        Problems problems = new Problems("train")
                .positive("world_size", worldSize)
                .positive("per_device_train_batch_size", perDeviceTrainBatchSize)
                .positive("per_device_eval_batch_size", perDeviceEvalBatchSize)
                .require(
                        maxSteps > 0 || numTrainEpochs > 0, "num_train_epochs", "must be above 0, is " + numTrainEpochs)
                .oneOf("optim", optim, OPTIMISERS)
                .notNegative("weight_decay", weightDecay)
                .share("adam_beta1", adamBeta1)
                .share("adam_beta2", adamBeta2)
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
                .positive("ddp_timeout", ddpTimeout)
                .positiveIfGiven("gradient_accumulation_steps", gradientAccumulationSteps)
                .positiveIfGiven("learning_rate", learningRate)
                .positiveIfGiven("save_total_limit", saveTotalLimit)
                .notNegative("router_aux_loss_coef", routerAuxLossCoef)
                .positiveIfGiven("neftune_noise_alpha", neftuneNoiseAlpha)
                .oneOfIfGiven("eval_strategy", evalStrategy, STRATEGIES)
                .oneOfIfGiven("optimizer", optimizer, OPTIMIZERS)
                .require(
                        !checkpoint.loadBestModelAtEnd()
                                || evaluatesWhenSaving(saveStrategy, saveSteps, evalStrategy, evalSteps),
                        "load_best_model_at_end",
                        "needs an evaluation with every checkpoint: eval_strategy as save_strategy and save_steps a multiple of eval_steps");
        galore.check(problems, optimizer);
        for (String target : reportTo) {
            problems.oneOf("report_to", target, List.of("tensorboard", "mlflow", "none"));
        }
        if (worldSize > 0) {
            sharing.check(problems, worldSize);
        }
        problems.throwIfAny();
    }

    private static boolean evaluatesWhenSaving(String saveStrategy, int saveSteps, String evalStrategy, int evalSteps) {
        boolean sameStrategy = evalStrategy == null || evalStrategy.equals(saveStrategy);
        return sameStrategy
                && !saveStrategy.equals("no")
                && (saveStrategy.equals("epoch") || saveSteps % evalSteps == 0);
    }

    /** How the ranks share the work. */
    public ParallelPlan parallelPlan() {
        return sharing.plan(worldSize);
    }

    /** Rows of one step over all ranks: it stays the same when a run resumes on another number of ranks. */
    public int globalBatchSize() {
        int perPass = perDeviceTrainBatchSize * parallelPlan().dp();
        int passes = gradientAccumulationSteps != null ? gradientAccumulationSteps : (16 + perPass - 1) / perPass;
        return passes * perPass;
    }

    /** Seconds without a finished step that count as a stall; 0 for none. */
    public int stallSeconds() {
        return launch.stallSeconds(ddpTimeout);
    }

    /** When validation rows are evaluated, if there are any: as the checkpoints are saved, unless eval_strategy says otherwise. */
    public String evaluationStrategy() {
        return evalStrategy == null ? saveStrategy : evalStrategy;
    }

    /** The learning rate, or ms-swift's default for the tuner. */
    public double learningRateFor(TunerSpec tuner) {
        if (learningRate != null) {
            return learningRate;
        }
        return tuner.tunerType().equals("full") ? 1e-5 : 1e-4;
    }
}
