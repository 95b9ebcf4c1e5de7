package io.apus.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.ModelConfig;
import io.apus.schemas.spec.CheckpointSpec;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.checkpoint.Fingerprint;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What decides the weights of a run, by option name. The number of ranks, logging, saving, evaluation and recomputation do not: they
 * may change between an interruption and the resumption.
 */
final class RunFacts {
    /** Facts that decide which rows a step trains on. */
    static final Set<String> ORDER = Set.of(
            "dataset",
            "tokenizer",
            "seed",
            "train.global_batch_size",
            "train.train_dataloader_shuffle",
            "train.group_by_length");

    private static final ObjectMapper JSON = new ObjectMapper();

    private RunFacts() {}

    static Fingerprint of(TrainTask task) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("dataset", task.datasetSha256());
        task.rowOptions().forEach((name, value) -> facts.put("dataset" + Fingerprint.EXPLAINS + name, value));
        facts.put("tokenizer", task.tokenizerSha256());
        facts.put("model", task.modelSha256());
        facts.put("model.adapters", task.adapters().toString());
        facts.put("model.random_weights", Boolean.toString(task.randomWeights()));
        facts.put("seed", Long.toString(task.seed()));
        if (task.torchDtype() != null) {
            put(facts, "model.torch_dtype", task.torchDtype());
        }
        if (!task.tokenizerFolder().equals(task.modelFolder())) {
            put(
                    facts,
                    "model.vocab_size",
                    ModelConfig.read(Path.of(task.tokenizerFolder())).vocabSize());
        }
        quantisation(facts, task.quantise());
        training(facts, task.train(), task.tuner());
        tuner(facts, task.tuner());
        return new Fingerprint(facts);
    }

    private static void quantisation(SortedMap<String, String> facts, QuantiseSpec quantise) {
        if (quantise.quantMethod() != null) {
            put(facts, "model.quant_method", quantise.quantMethod());
            put(facts, "model.quant_bits", String.valueOf(quantise.quantBits()));
            put(facts, "model.hqq_axis", String.valueOf(quantise.hqqAxis()));
            put(facts, "model.bnb_4bit_compute_dtype", String.valueOf(quantise.bnb4bitComputeDtype()));
            put(facts, "model.bnb_4bit_quant_type", quantise.bnb4bitQuantType());
            put(facts, "model.bnb_4bit_use_double_quant", quantise.bnb4bitUseDoubleQuant());
        }
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
        CheckpointSpec checkpoint = train.checkpoint();
        if (checkpoint.resumeOnlyModel()) {
            put(facts, "train.resume_from_checkpoint", checkpoint.resumeFromCheckpoint());
            put(facts, "train.resume_only_model", true);
            put(facts, "train.ignore_data_skip", checkpoint.ignoreDataSkip());
        }
        put(facts, "train.optim_args", train.optimArgs());
        put(facts, "train.optimizer", train.optimizer() == null ? "default" : train.optimizer());
        put(facts, "train.neftune_noise_alpha", train.neftuneNoiseAlpha() == null ? "none" : train.neftuneNoiseAlpha());
        put(facts, "train.router_aux_loss_coef", train.routerAuxLossCoef());
        put(facts, "train.lisa_activated_layers", train.lisa().lisaActivatedLayers());
        if (train.lisa().lisaActivatedLayers() > 0) {
            put(facts, "train.lisa_step_interval", train.lisa().lisaStepInterval());
        }
        put(facts, "train.use_galore", train.galore().useGalore());
        if (train.galore().useGalore()) {
            add(facts, "train.", JSON.valueToTree(train.galore()));
        }
        if (train.lrSchedulerType().equals("reduce_lr_on_plateau")) {
            put(facts, "train.eval_strategy", train.evaluationStrategy());
            put(facts, "train.eval_steps", train.evalSteps());
        }
    }

    private static void tuner(SortedMap<String, String> facts, TunerSpec tuner) {
        put(facts, "tuner.tuner_type", tuner.tunerType());
        if (tuner.tunerType().equals("full")) {
            add(facts, "tuner.", JSON.valueToTree(tuner.freeze()));
            return;
        }
        add(facts, "tuner.", JSON.valueToTree(tuner));
    }

    /** Every option, the groups that they are written in looked through. */
    private static void add(SortedMap<String, String> facts, String section, JsonNode options) {
        options.properties().forEach(option -> {
            JsonNode value = option.getValue();
            if (value.isObject()) {
                add(facts, section, value);
            } else if (!value.isNull()) {
                put(facts, section + snakeCase(option.getKey()), value.isArray() ? value : value.asText());
            }
        });
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static void put(SortedMap<String, String> facts, String name, Object value) {
        facts.put(name, value.toString());
    }
}
