package io.apus.train;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.Precision;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.QuantisedBank;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.BaseQuantisation;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.GradientSample;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.CompanionFiles;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.checkpoint.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/**
 * The model of a run with its tuner attached.
 *
 * @param trained the parameters that are trained, by name
 */
record TrainedModel(DecoderModel model, Tuner tuner, List<Parameter> trained) implements AutoCloseable {
    private static final String FULL = "full";
    private static final String BFLOAT16 = "bfloat16";

    /** As the other, of a model whose linears are all used. */
    static TrainedModel open(TrainTask task, TrainingData data, Device device) {
        return open(task, data, device, config -> linear -> true);
    }

    /**
     * Opens, attaches and only then places: what a tuner begins with does not depend on the device. What of the model no tuner looks at is not
     * read yet, see {@link DecoderModel#open}.
     *
     * @param used by the model: names of the linears that will be computed with
     */
    static TrainedModel open(
            TrainTask task, TrainingData data, Device device, Function<ModelConfig, Predicate<String>> used) {
        Path folder = Path.of(task.modelFolder());
        ModelConfig config = ModelConfig.read(folder);
        DecoderModel model = task.randomWeights()
                ? DecoderModel.openRandom(config, task.seed())
                : DecoderModel.open(
                        folder,
                        Quantisers.of(task.quantise()),
                        packed(task, config).and(used.apply(config)));
        growVocabulary(task, model);
        Tuner tuner = attach(task, model, data);
        tuner.begin(data.plan().totalSteps());
        Precision precision = precision(task, device);
        model.place(device, precision);
        tuner.state(model).values().forEach(tensor -> place(tensor, device));
        return new TrainedModel(model, tuner, trainable(model));
    }

    /** Experts that files hold packed are unpacked where the tuner trains them. */
    private static Predicate<String> packed(TrainTask task, ModelConfig config) {
        if (!Tuners.of(task.tuner()).needsFloats()) {
            return name -> true;
        }
        Set<String> experts = ExpertSlot.in(config.described().blocks()).stream()
                .flatMap(slot -> QuantisedBank.experts(slot).stream())
                .collect(Collectors.toSet());
        return name -> !experts.contains(name);
    }

    private static List<Parameter> trainable(DecoderModel model) {
        return model.parameters().values().stream().filter(Parameter::trainable).toList();
    }

    /** The same after parts have taken the place of parameters. */
    TrainedModel relisted() {
        return new TrainedModel(model, tuner, trainable(model));
    }

    /** What torch_dtype asks for; without it float32 on a CPU and mixed precision on a GPU. */
    private static Precision precision(TrainTask task, Device device) {
        String wanted = task.torchDtype() == null ? (device.isCuda() ? BFLOAT16 : "float32") : task.torchDtype();
        return wanted.equals(BFLOAT16) ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    private static void place(Tensor state, Device device) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            if (!Device.of(state).equals(device)) {
                state.set_data(device.take(state));
            }
        }
    }

    /** Before anything is attached: what learns must know the rows of the run's own tokens. */
    private static void growVocabulary(TrainTask task, DecoderModel model) {
        int vocabSize = ModelConfig.read(Path.of(task.tokenizerFolder())).vocabSize();
        if (vocabSize > model.config().vocabSize()) {
            NewTokens.require(Tuners.of(task.tuner()), task.tuner().tunerType());
            model.growVocabulary(vocabSize, task.seed());
        }
    }

    private static Tuner attach(TrainTask task, DecoderModel model, TrainingData data) {
        if (task.adapters().isEmpty()) {
            Tuner tuner = Tuners.of(task.tuner());
            begin(tuner, model, task, data);
            return tuner;
        }
        if (task.adapters().size() > 1) {
            throw new UserError(
                    "Cannot start from adapters",
                    task.adapters().size() + " were given, one is trained on",
                    "Give that one alone, and merge the others into a model first.");
        }
        return Adapters.resume(model, Path.of(task.adapters().get(0)), task.tuner());
    }

    private static void begin(Tuner tuner, DecoderModel model, TrainTask task, TrainingData data) {
        Optional<GradientSample> sample = tuner.gradientSample();
        if (sample.isEmpty()) {
            tuner.attach(model, task.seed());
            return;
        }
        try (Scope scope = Scope.open()) {
            tuner.attach(model, task.seed(), FirstGradients.of(model, sample.get(), data));
        }
    }

    /** The trained tensors themselves, by name. */
    SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        trained.forEach(parameter -> tensors.put(parameter.name(), parameter.tensor()));
        return tensors;
    }

    /** What the tuner remembers between steps, by name. */
    SortedMap<String, Tensor> remembered() {
        return tuner.state(model);
    }

    long trainedCount() {
        return trained.stream().mapToLong(Parameter::count).sum();
    }

    long count() {
        return model.parameters().values().stream().mapToLong(Parameter::count).sum();
    }

    /** Leaves {@code folder} as a Hugging Face folder (full tuning) or a PEFT adapter folder, whole or not at all. */
    void write(TrainTask task, Path folder) {
        try {
            Path unfinished = Folders.empty(folder.resolveSibling(folder.getFileName() + ".unfinished"));
            tuner.save(model, unfinished, task.modelFolder());
            BaseQuantisation.write(unfinished, task.quantise());
            if (task.tuner().tunerType().equals(FULL) || !task.tokenizerFolder().equals(task.modelFolder())) {
                CompanionFiles.copy(Path.of(task.tokenizerFolder()), unfinished);
            }
            Folders.force(unfinished);
            Folders.delete(folder);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            Folders.forceEntry(folder.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trained model to " + folder, e);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
