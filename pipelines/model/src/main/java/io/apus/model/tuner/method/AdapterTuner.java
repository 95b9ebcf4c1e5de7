package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Trains what a method adds to some linears, and modules in full beside it, kept as PEFT keeps them. */
public final class AdapterTuner implements Tuner {
    /** Where ms-swift puts adapters of starts that change the base, converted. */
    public static final String CONVERTED = "converted/default";

    private final AdapterMethod method;
    private final Targets targets;
    private final List<String> modulesToSave;

    /** {@code modulesToSave} are trained and kept in full: lm_head, embed_tokens. */
    public AdapterTuner(AdapterMethod method, Targets targets, List<String> modulesToSave) {
        this.method = method;
        this.targets = targets;
        this.modulesToSave = List.copyOf(modulesToSave);
    }

    /** {@code method} on exactly these modules. */
    public static AdapterTuner on(Collection<String> modules, AdapterMethod method) {
        return new AdapterTuner(method, new Targets(List.copyOf(modules), null), List.of());
    }

    /** Whether attaching changes weights of the model, so that detaching does not bring them back. */
    public boolean changesBase() {
        return method.changesBase();
    }

    /** Whether {@code folder} holds embeddings that take the place of the model's own, so that detaching does not bring them back. */
    public boolean bringsTokenRows(DecoderModel model, Path folder) {
        try (SafeTensorsFile file = PeftFiles.weights(folder)) {
            return TokenRows.are(model, file, modulesToSave);
        }
    }

    /** The model's own parameters that the adapter has other values for; a shared output head gets its own. */
    public List<Parameter> replaced(DecoderModel model) {
        List<Parameter> all =
                new ArrayList<>(method.trainedInPlace(model, targets.of(model)).values());
        all.addAll(SavedModules.of(model, modulesToSave));
        return all;
    }

    @Override
    public void check(ModelConfig config) {
        targets.among(config.described().projections().values());
        SavedModules.count(config.described(), modulesToSave);
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        long count = SavedModules.count(config.described(), modulesToSave);
        for (ProjectionSlot slot :
                targets.among(config.described().projections().values())) {
            OptionalLong beside =
                    method.trainable(slot.get().inFeatures(), slot.get().outFeatures());
            if (beside.isEmpty()) {
                return beside;
            }
            count += beside.getAsLong();
        }
        return OptionalLong.of(count);
    }

    @Override
    public Optional<GradientSample> gradientSample() {
        return method.gradientSample();
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        begin(model, seed, method);
    }

    @Override
    public void attach(DecoderModel model, long seed, Map<String, Tensor> gradients) {
        begin(model, seed, method.knowing(gradients));
    }

    private void begin(DecoderModel model, long seed, AdapterMethod beginning) {
        List<ProjectionSlot> slots = targets.of(model);
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            AdapterMethod.Wrapper wrapper = beginning.start(model, slots, generator);
            slots.forEach(slot -> slot.replace(base -> wrapper.around(slot.name(), base)));
        }
        added(model).stream().filter(method::learns).forEach(parameter -> parameter.trainable(true));
        replaced(model).forEach(parameter -> parameter.trainable(true));
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        try (SafeTensorsFile file = PeftFiles.weights(folder)) {
            boolean rows = TokenRows.take(model, file, modulesToSave);
            begin(model, 0, method.reading(file));
            PeftFiles.read(folder, rows ? stored(model) : changed(model));
        }
    }

    /** What an adapter's file holds, by its names there. */
    private SortedMap<String, Parameter> stored(DecoderModel model) {
        SortedMap<String, Parameter> all = changed(model);
        TokenRows.own(model).forEach(p -> all.put(PeftFiles.PREFIX + p.name(), p));
        return all;
    }

    private SortedMap<String, Parameter> changed(DecoderModel model) {
        List<ProjectionSlot> slots = targets.of(model);
        SortedMap<String, Parameter> all = new TreeMap<>(method.trainedInPlace(model, slots));
        all.putAll(method.kept(slots));
        added(model).stream().filter(method::isStored).forEach(p -> all.put(method.storedName(p), p));
        SavedModules.of(model, modulesToSave).forEach(p -> all.put(PeftFiles.PREFIX + p.name(), p));
        return all;
    }

    private static Set<Parameter> added(DecoderModel model) {
        Set<Parameter> all = new LinkedHashSet<>();
        for (ProjectionSlot slot : model.projections().values()) {
            if (slot.get() instanceof AdaptedProjection adapted) {
                all.addAll(adapted.added());
            }
        }
        return all;
    }

    @Override
    public boolean keepsTokenRows() {
        return true;
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        try (Scope scope = Scope.open()) {
            List<ProjectionSlot> slots = targets.of(model);
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            stored(model).forEach((name, parameter) -> tensors.put(name, method.storedValue(parameter)));
            PeftFiles.write(folder, config(method, model, baseModel), tensors);
            Optional<AdapterMethod.Converted> converted = method.converted(slots);
            if (converted.isPresent()) {
                added(model).forEach(parameter -> tensors.remove(method.storedName(parameter)));
                tensors.keySet().removeAll(method.kept(slots).keySet());
                tensors.putAll(converted.get().tensors());
                PeftFiles.write(
                        folder.resolve(CONVERTED), config(converted.get().method(), model, baseModel), tensors);
            }
        }
    }

    private ObjectNode config(AdapterMethod as, DecoderModel model, String baseModel) {
        return PeftConfig.write(as, targets, targets.of(model), SavedModules.written(model, modulesToSave), baseModel);
    }

    @Override
    public void merge(DecoderModel model) {
        Set<Parameter> added = added(model);
        for (ProjectionSlot slot : model.projections().values()) {
            slot.replace(projection -> projection instanceof AdaptedProjection adapted ? adapted.merged() : projection);
        }
        added.forEach(Parameter::close);
    }

    @Override
    public boolean readsGradients() {
        return method.readsGradients();
    }

    @Override
    public void beforeUpdate(DecoderModel model) {
        method.beforeUpdate(targets.of(model));
    }

    @Override
    public void afterUpdate(DecoderModel model, int step, int totalSteps) {
        method.afterUpdate(targets.of(model), step, totalSteps);
    }

    @Override
    public SortedMap<String, Tensor> state(DecoderModel model) {
        return method.state(targets.of(model));
    }

    @Override
    public double learningRateRatio(Parameter parameter) {
        return method.learningRateRatio(parameter);
    }
}
