package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.ChangeSlot;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.schemas.UserError;
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
import java.util.stream.Collectors;
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
        return new AdapterTuner(method, new Targets(List.copyOf(modules)), List.of());
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

    /** Where the method goes beyond linears; throws if it cannot. */
    private Places checked(Places places) {
        if (places.beyondLinears()) {
            beyond().check(places);
            places.embedding().ifPresent(this::requireUnsaved);
        }
        return places;
    }

    private WeightMethod beyond() {
        return method.weights()
                .orElseThrow(() -> new UserError(
                        "Cannot attach adapter",
                        "more than linears is named, and " + method.peftType() + " changes linears alone",
                        "Name the embedding in modules_to_save, or use tuner_type lora."));
    }

    private void requireUnsaved(Embedding embedding) {
        if (modulesToSave.stream().anyMatch(name -> ModuleNames.isEmbedding(embedding.weight(), name))) {
            throw new UserError(
                    "Cannot attach adapter",
                    "the embedding is named in target_modules and in modules_to_save",
                    "Name it in one of them.");
        }
    }

    @Override
    public void check(ModelConfig config) {
        checked(targets.places(config.described()));
        SavedModules.count(config.described(), modulesToSave);
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        Places places = checked(targets.places(config.described()));
        long count = SavedModules.count(config.described(), modulesToSave);
        if (places.embedding().isPresent()) {
            Embedding embedding = places.embedding().get();
            count += beyond().trainable(ModuleNames.owner(embedding.weight()), embedding);
        }
        for (Places.ExpertPlace place : places.experts()) {
            count += beyond().trainable(place);
        }
        for (ProjectionSlot slot : places.linears()) {
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
    public Set<String> undivided(ModelConfig config, Set<String> byInputs, int ranks) {
        return targets.places(config.described()).linears().stream()
                .filter(linear -> !method.divides(linear, byInputs.contains(linear.name()), ranks))
                .map(ProjectionSlot::name)
                .collect(Collectors.toSet());
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
        Places places = checked(targets.places(model));
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            AdapterMethod.Wrapper wrapper = beginning.start(model, places.linears(), generator);
            places.linears().forEach(slot -> slot.replace(base -> wrapper.around(slot.name(), base)));
            places.embedding().ifPresent(embedding -> embedding
                    .changed()
                    .put(Optional.of(beyond().beside(ModuleNames.owner(embedding.weight()), embedding, generator))));
            places.experts().forEach(place -> place.slot().put(Optional.of(beyond().beside(place, generator))));
        }
        added(model).stream().filter(method::learns).forEach(parameter -> parameter.trainable(true));
        replaced(model).forEach(parameter -> parameter.trainable(true));
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        try (SafeTensorsFile file = PeftFiles.weights(folder)) {
            boolean rows = TokenRows.take(model, file, modulesToSave);
            begin(model, 0, method.reading(file));
            SortedMap<String, Parameter> wanted = rows ? stored(model) : changed(model);
            Embedding embedding = model.embedding();
            if (embedding.changed().change().isPresent() && file.contains(TokenRows.wrapped(model))) {
                wanted.put(TokenRows.wrapped(model), embedding.weight());
            }
            PeftFiles.read(folder, wanted);
        }
    }

    /** What an adapter's file holds, by its names there. */
    private SortedMap<String, Parameter> stored(DecoderModel model) {
        SortedMap<String, Parameter> all = changed(model);
        all.putAll(TokenRows.own(model));
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
        model.changeSlots().forEach(slot -> slot.change().ifPresent(change -> all.addAll(change.parameters())));
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
        return PeftConfig.write(
                as, targets, targets.places(model), SavedModules.written(model, modulesToSave), baseModel);
    }

    @Override
    public void merge(DecoderModel model) {
        Set<Parameter> added = added(model);
        for (ProjectionSlot slot : model.projections().values()) {
            slot.replace(projection -> projection instanceof AdaptedProjection adapted ? adapted.merged() : projection);
        }
        if (model.embedding().changed().change().isPresent()) {
            // The change is of the tokens that go in: a head that shares their weight keeps it as it was.
            model.head().untie();
        }
        model.changeSlots().forEach(ChangeSlot::merge);
        added.forEach(Parameter::close);
    }

    @Override
    public boolean readsGradients() {
        return method.readsGradients();
    }

    @Override
    public void begin(int totalSteps) {
        method.begin(totalSteps);
    }

    @Override
    public void beforeUpdate(DecoderModel model) {
        method.beforeUpdate(model);
    }

    @Override
    public void afterUpdate(DecoderModel model, int step, int totalSteps, OtherRanks others) {
        method.afterUpdate(model, step, totalSteps, others);
    }

    @Override
    public SortedMap<String, Tensor> state(DecoderModel model) {
        return method.state(model);
    }

    @Override
    public double learningRateRatio(Parameter parameter) {
        return method.learningRateRatio(parameter);
    }
}
