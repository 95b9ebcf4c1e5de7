package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/** Trains what a method adds to some linears, and modules in full beside it, kept as PEFT keeps them. */
public final class AdapterTuner implements Tuner {
    private final AdapterMethod method;
    private final Targets targets;
    private final List<String> modulesToSave;

    /** {@code modulesToSave} are trained and kept in full: lm_head, embed_tokens. */
    public AdapterTuner(AdapterMethod method, Targets targets, List<String> modulesToSave) {
        this.method = method;
        this.targets = targets;
        this.modulesToSave = List.copyOf(modulesToSave);
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        List<ProjectionSlot> slots = targets.of(model);
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            AdapterMethod.Wrapper wrapper = method.start(model, slots, generator);
            slots.forEach(slot -> slot.replace(base -> wrapper.around(slot.name(), base)));
        }
        Set<Parameter> added = added(model);
        stored(model).values().forEach(p -> p.trainable(!added.contains(p) || method.learns(p)));
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        attach(model, 0);
        PeftFiles.read(folder, stored(model));
    }

    /** What an adapter's file holds, by its names there. */
    private SortedMap<String, Parameter> stored(DecoderModel model) {
        SortedMap<String, Parameter> all = new TreeMap<>(method.trainedInPlace(model, targets.of(model)));
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
    public void save(DecoderModel model, Path folder, String baseModel) {
        PeftFiles.write(
                folder, PeftConfig.write(method, targets, targets.of(model), modulesToSave, baseModel), stored(model));
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
    public double learningRateRatio(Parameter parameter) {
        return method.learningRateRatio(parameter);
    }
}
