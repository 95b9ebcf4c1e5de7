package io.apus.train;

import io.apus.schemas.spec.GaloreSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.checkpoint.Fingerprint;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What decides the weights of a run, by option name. The number of ranks, logging, saving, evaluation and recomputation do not: they
 * may change between an interruption and the resumption.
 */
final class RunFacts {
    private RunFacts() {}

    static Fingerprint of(TrainTask task) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("dataset", task.datasetSha256());
        facts.put("tokenizer", task.tokenizerSha256());
        facts.put("model", task.modelSha256());
        facts.put("model.adapters", task.adapters().toString());
        facts.put("model.random_weights", Boolean.toString(task.randomWeights()));
        facts.put("seed", Long.toString(task.seed()));
        training(facts, task.train(), task.tuner());
        tuner(facts, task.tuner());
        return new Fingerprint(facts);
    }

    private static void training(SortedMap<String, String> facts, TrainSpec train, TunerSpec tuner) {
        put(facts, "train.global_batch_size", train.globalBatchSize());
        put(facts, "train.per_device_train_batch_size", train.perDeviceTrainBatchSize());
        put(facts, "train.learning_rate", train.learningRateFor(tuner));
        put(facts, "train.num_train_epochs", train.numTrainEpochs());
        put(facts, "train.max_steps", train.maxSteps());
        put(facts, "train.optim", train.optim());
        put(facts, "train.weight_decay", train.weightDecay());
        put(facts, "train.adam_beta1", train.adamBeta1());
        put(facts, "train.adam_beta2", train.adamBeta2());
        put(facts, "train.adam_epsilon", train.adamEpsilon());
        put(facts, "train.max_grad_norm", train.maxGradNorm());
        put(facts, "train.lr_scheduler_type", train.lrSchedulerType());
        put(facts, "train.lr_scheduler_kwargs", train.lrSchedulerKwargs());
        put(facts, "train.warmup_ratio", train.warmupRatio());
        put(facts, "train.warmup_steps", train.warmupSteps());
        put(facts, "train.train_dataloader_shuffle", train.trainDataloaderShuffle());
        put(facts, "train.group_by_length", train.groupByLength());
        put(facts, "train.optim_args", train.optimArgs());
        put(facts, "train.optimizer", train.optimizer() == null ? "default" : train.optimizer());
        put(facts, "train.neftune_noise_alpha", train.neftuneNoiseAlpha() == null ? "none" : train.neftuneNoiseAlpha());
        put(facts, "train.lisa_activated_layers", train.lisa().lisaActivatedLayers());
        if (train.lisa().lisaActivatedLayers() > 0) {
            put(facts, "train.lisa_step_interval", train.lisa().lisaStepInterval());
        }
        put(facts, "train.use_galore", train.galore().useGalore());
        if (train.galore().useGalore()) {
            galore(facts, train.galore());
        }
        if (train.lrSchedulerType().equals("reduce_lr_on_plateau")) {
            put(facts, "train.eval_strategy", train.evaluationStrategy());
            put(facts, "train.eval_steps", train.evalSteps());
        }
    }

    private static void galore(SortedMap<String, String> facts, GaloreSpec galore) {
        put(facts, "train.galore_target_modules", galore.galoreTargetModules());
        put(facts, "train.galore_rank", galore.galoreRank());
        put(facts, "train.galore_update_proj_gap", galore.galoreUpdateProjGap());
        put(facts, "train.galore_scale", galore.galoreScale());
        put(facts, "train.galore_proj_type", galore.galoreProjType());
        put(facts, "train.galore_optim_per_parameter", galore.galoreOptimPerParameter());
        put(facts, "train.galore_with_embedding", galore.galoreWithEmbedding());
        put(facts, "train.galore_quantization", galore.galoreQuantization());
        put(facts, "train.galore_proj_quant", galore.galoreProjQuant());
        put(facts, "train.galore_proj_bits", galore.galoreProjBits());
        put(facts, "train.galore_proj_group_size", galore.galoreProjGroupSize());
        put(facts, "train.galore_cos_threshold", galore.galoreCosThreshold());
        put(facts, "train.galore_gamma_proj", galore.galoreGammaProj());
        put(facts, "train.galore_queue_size", galore.galoreQueueSize());
    }

    private static void tuner(SortedMap<String, String> facts, TunerSpec tuner) {
        put(facts, "tuner.tuner_type", tuner.tunerType());
        if (tuner.tunerType().equals("full")) {
            return;
        }
        put(facts, "tuner.lora_rank", tuner.loraRank());
        put(facts, "tuner.lora_alpha", tuner.loraAlpha());
        put(facts, "tuner.lora_dropout", tuner.loraDropout());
        put(facts, "tuner.lora_bias", tuner.loraBias());
        put(facts, "tuner.use_rslora", tuner.useRslora());
        put(facts, "tuner.target_modules", tuner.targetModules());
        put(facts, "tuner.target_regex", tuner.targetRegex() == null ? "none" : tuner.targetRegex());
        put(facts, "tuner.modules_to_save", tuner.modulesToSave());
    }

    private static void put(SortedMap<String, String> facts, String name, Object value) {
        facts.put(name, value.toString());
    }
}
