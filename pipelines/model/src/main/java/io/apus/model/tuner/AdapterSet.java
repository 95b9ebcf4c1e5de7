package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.lora.Combination;
import io.apus.model.tuner.lora.Factors;
import io.apus.model.tuner.lora.LoraCombination;
import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.model.tuner.method.AdapterTuner;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Several adapters for one model, of which one or none acts at a time. Close it before the model: it owns those that do not act.
 *
 * <p>Nothing in it learns: train one adapter through {@link Adapters#load}.
 */
public final class AdapterSet implements AutoCloseable {
    /** An adapter, what it puts into which slot, what beside other weights, and what it replaces of the model's own. */
    private record Named(
            AdapterTuner tuner,
            Map<ProjectionSlot, AdaptedProjection> places,
            List<PlacedChange<?>> changes,
            Replacements replaced) {}

    private final DecoderModel model;
    private final Map<ProjectionSlot, Projection> bases = new LinkedHashMap<>();
    private final Map<String, Named> adapters = new LinkedHashMap<>();
    private String active;

    /** For a model without adapters. */
    public AdapterSet(DecoderModel model) {
        this.model = model;
        model.projections().values().forEach(slot -> bases.put(slot, slot.get()));
    }

    public Set<String> names() {
        return Set.copyOf(adapters.keySet());
    }

    /** Reads the adapter that {@code folder} holds and lets it act. */
    public void load(String name, Path folder) {
        Tuner tuner = Tuners.of(PeftFiles.config(folder));
        if (!(tuner instanceof AdapterTuner adapter)
                || adapter.changesBase()
                || adapter.bringsTokenRows(model, folder)) {
            throw new UserError(
                    "Cannot load adapter " + name,
                    "it changes more of the model than can be switched",
                    "Load it alone, or its converted/default where there is one.");
        }
        add(name, adapter, () -> adapter.load(model, folder));
    }

    /**
     * Makes {@code name} out of adapters that are there, each by its weight, and lets it act.
     *
     * @throws UserError if one of them is no plain LoRA, or they do not fit each other
     */
    public void combine(String name, Map<String, Double> weights, Combination how) {
        try (Scope scope = Scope.open()) {
            List<LoraCombination.Part> parts = new ArrayList<>();
            weights.forEach((part, weight) -> parts.add(new LoraCombination.Part(part, weight, updates(part))));
            Set<String> modules = new TreeSet<>();
            parts.forEach(part -> modules.addAll(part.updates().keySet()));
            AdapterTuner tuner = AdapterTuner.on(modules, LoraCombination.of(how, parts));
            add(name, tuner, () -> tuner.attach(model, 0));
        }
    }

    private Map<String, Factors> updates(String name) {
        Named adapter = named(name);
        if (!adapter.replaced().isEmpty()) {
            throw uncombined(name, "it holds more of the model in full (modules_to_save, bias)");
        }
        if (!adapter.changes().isEmpty()) {
            throw uncombined(name, "it updates more than linears (embedding, target_parameters)");
        }
        Map<String, Factors> updates = new LinkedHashMap<>();
        adapter.places().forEach((slot, update) -> updates.put(slot.name(), Factors.of(name, update)));
        return updates;
    }

    private static UserError uncombined(String name, String cause) {
        return new UserError(
                "Cannot combine adapter " + name,
                cause + ", which has no weighted sum",
                "Merge it into the model instead.");
    }

    /** Takes {@code name} away; no adapter acts afterwards. */
    public void remove(String name) {
        Named removed = named(name);
        deactivate();
        adapters.remove(name);
        free(removed);
    }

    private void add(String name, AdapterTuner tuner, Runnable attach) {
        if (adapters.containsKey(name)) {
            throw new UserError("Cannot add adapter " + name, "there is one of this name", "Choose another name.");
        }
        deactivate();
        Replacements replaced = Replacements.of(tuner.replaced(model));
        attach.run();
        replaced.take();
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        Map<ProjectionSlot, AdaptedProjection> places = new LinkedHashMap<>();
        bases.keySet().forEach(slot -> {
            if (slot.get() instanceof AdaptedProjection adapted) {
                places.put(slot, adapted);
            }
        });
        adapters.put(name, new Named(tuner, places, PlacedChange.in(model), replaced));
        active = name;
    }

    /** Lets {@code name} act and no other. */
    public void activate(String name) {
        Named chosen = named(name);
        deactivate();
        chosen.places().forEach((slot, adapted) -> slot.replace(base -> adapted));
        chosen.changes().forEach(PlacedChange::put);
        chosen.replaced().put();
        active = name;
    }

    /** Leaves the base model alone. */
    public void deactivate() {
        if (active != null) {
            bases.forEach((slot, base) -> slot.replace(adapted -> base));
            named(active).changes().forEach(PlacedChange::take);
            named(active).replaced().restore();
            active = null;
        }
    }

    /** Writes one adapter in PEFT's layout; it acts afterwards. */
    public void save(String name, Path folder, String baseModel) {
        activate(name);
        named(name).tuner().save(model, folder, baseModel);
    }

    /** Folds the adapter that acts into the model, which then is without adapters, and forgets them all. */
    public void merge() {
        if (active == null) {
            throw new UserError("Cannot merge", "no adapter acts", "Activate one.");
        }
        Named chosen = adapters.remove(active);
        active = null;
        chosen.tuner().merge(model);
        chosen.replaced().close();
        close();
    }

    private Named named(String name) {
        Named found = adapters.get(name);
        if (found == null) {
            String nearest = Registry.nearest(name, adapters.keySet());
            throw new UserError(
                    "Unknown adapter",
                    "\"" + name + "\" was not loaded",
                    "Did you mean \"" + nearest + "\"? Loaded: " + String.join(", ", adapters.keySet()) + ".");
        }
        return found;
    }

    /** Frees every adapter; the model is the base again. */
    @Override
    public void close() {
        deactivate();
        adapters.values().forEach(this::free);
        adapters.clear();
    }

    private void free(Named adapter) {
        adapter.places().forEach((slot, adapted) -> free(adapted, bases.get(slot)));
        adapter.changes().forEach(PlacedChange::close);
        adapter.replaced().close();
    }

    /** Frees all that an adapter holds beside what it wraps. */
    private static void free(AdaptedProjection adapted, Projection base) {
        List<Parameter> kept = base.parameters();
        adapted.parameters().stream()
                .filter(parameter -> !kept.contains(parameter))
                .forEach(Parameter::close);
    }
}
