package io.apus.model.tuner.adalora;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.Biases;
import io.apus.model.tuner.method.OtherRanks;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * AdaLoRA (Zhang et al., 2023): low-rank updates whose ranks are taken away one by one where they matter least. Files as those of
 * peft 0.17, tuners/adalora: ranks that were taken away are left out of them.
 */
public final class AdaLora implements AdapterMethod {
    public static final String PEFT_TYPE = "ADALORA";

    private final AdaLoraSettings settings;
    /** Which ranks of each added parameter are left, to save it by. */
    private final Map<Parameter, SingularProjection> places = new HashMap<>();
    /** As they were attached, in the targets' order: what of a model ranks have divided between them has the same parameters. */
    private final List<SingularProjection> updates = new ArrayList<>();

    private int totalSteps;

    private AdaLora(AdaLoraSettings settings) {
        this.settings = settings;
        this.totalSteps = settings.schedule().warmup() + settings.schedule().last() + 1;
    }

    public static AdapterMethod of(TunerSpec spec) {
        return new AdaLora(AdaLoraSettings.of(spec));
    }

    public static AdapterMethod of(PeftConfig config) {
        return new AdaLora(AdaLoraSettings.of(config));
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        updates.clear();
        return (module, base) -> {
            SingularProjection made = SingularProjection.around(module, base, settings, generator);
            updates.add(made);
            made.added().forEach(parameter -> places.put(parameter, made));
            return made;
        };
    }

    @Override
    public boolean readsGradients() {
        return true;
    }

    /** Adds the gradient of weight x mean of |A A^T - I| and |B^T B - I|, Frobenius norms. */
    @Override
    public void beforeUpdate(DecoderModel model) {
        double weight = settings.orthogonality() / (2.0 * updates.size());
        for (SingularProjection projection : present(model)) {
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                Tensor a = projection.down().tensor();
                Tensor b = projection.up().tensor();
                Tensor down = Orthogonality.gradient(a);
                Tensor up = Orthogonality.gradient(b.t()).t();
                projection.down().gradientBuffer().add_(down, Torch.scalar(weight));
                projection.up().gradientBuffer().add_(up, Torch.scalar(weight));
            }
        }
    }

    @Override
    public void begin(int steps) {
        totalSteps = steps;
        settings.schedule().check(steps);
    }

    @Override
    public void afterUpdate(DecoderModel model, int step, int steps, OtherRanks others) {
        totalSteps = steps;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            new RankAllocator(settings, updates, here(model), model.device(), others).afterUpdate(step, steps);
        }
    }

    /** Whether an update is in this part of the model that it was attached to. */
    private static Predicate<SingularProjection> here(DecoderModel model) {
        Set<Parameter> all = new HashSet<>(model.parameters().values());
        return update -> all.contains(update.values());
    }

    private List<SingularProjection> present(DecoderModel model) {
        return updates.stream().filter(here(model)).toList();
    }

    @Override
    public SortedMap<String, Tensor> state(DecoderModel model) {
        SortedMap<String, Tensor> state = new TreeMap<>();
        for (SingularProjection projection : present(model)) {
            state.put(projection.kept().name(), projection.kept().tensor());
            projection.importance().stream()
                    .flatMap(it -> it.parameters().stream())
                    .forEach(parameter -> state.put(parameter.name(), parameter.tensor()));
        }
        return state;
    }

    @Override
    public Tensor storedValue(Parameter added) {
        SingularProjection place = places.get(added);
        if (place == null) {
            return added.tensor();
        }
        try (NoGrad guard = Torch.noGrad()) {
            Tensor left = place.kept().tensor().squeeze(1).nonzero().squeeze(1);
            return added.tensor().index_select(added == place.up() ? 1 : 0, left);
        }
    }

    @Override
    public SortedMap<String, Parameter> trainedInPlace(DecoderModel model, List<ProjectionSlot> targets) {
        return settings.allBiases() ? Biases.of(model, targets) : AdapterMethod.super.trainedInPlace(model, targets);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        return settings.allBiases()
                ? OptionalLong.empty()
                : OptionalLong.of(settings.schedule().initial() * (inFeatures + outFeatures + 1));
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        AdaLoraFields.write(settings, totalSteps, targets, config);
    }
}
