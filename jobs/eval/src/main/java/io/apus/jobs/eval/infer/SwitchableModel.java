package io.apus.jobs.eval.infer;

import io.apus.jobs.eval.ModelFolders;
import io.apus.jobs.launch.command.NamedAdapters;
import io.apus.model.DecoderModel;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.AdapterSet;
import io.apus.model.tuner.lora.Combination;
import io.apus.model.tuner.lora.CombinationType;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model and the adapters that can act on it, one or a mix at a time. */
final class SwitchableModel implements AutoCloseable {
    private final DecoderModel model;
    /** null where there is nothing to switch. */
    private final AdapterSet adapters;

    private final Combination mixing;
    private String mix;

    private SwitchableModel(DecoderModel model, AdapterSet adapters, Combination mixing) {
        this.model = model;
        this.adapters = adapters;
        this.mixing = mixing;
    }

    /** A model that stays as it is. */
    static SwitchableModel fixed(ModelFolders folders, QuantiseSpec quantise) {
        return new SwitchableModel(folders.load(quantise), null, null);
    }

    /** The base with its adapters by name, of which the first acts. */
    static SwitchableModel of(Path base, QuantiseSpec quantise, Map<String, Path> adapters, CombinationType mixing) {
        Combination how = Combination.of(mixing);
        DecoderModel model = DecoderModel.load(base, Quantisers.of(quantise));
        AdapterSet set = new AdapterSet(model);
        SwitchableModel loaded = new SwitchableModel(model, set, how);
        try {
            adapters.forEach(set::load);
            set.activate(adapters.keySet().iterator().next());
            return loaded;
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    DecoderModel model() {
        return model;
    }

    /**
     * Lets what {@code words} choose act, see {@link AdapterChoice}.
     *
     * @throws UserError if it is not known or cannot be mixed; then what acted before still does, or the base alone
     */
    void use(List<String> words) {
        AdapterChoice choice = AdapterChoice.of(words);
        if (adapters == null) {
            throw new UserError(
                    "Cannot switch adapters",
                    "this model was loaded without adapters that have names",
                    "Start with --adapters NAME=FOLDER.");
        }
        if (choice.mixed()) {
            mix(String.join(" ", words), choice.weights());
        } else if (choice.weights().isEmpty()) {
            adapters.deactivate();
        } else {
            adapters.activate(choice.weights().keySet().iterator().next());
        }
    }

    /** A new mix takes the place of the one before, so that trying weights takes no more memory. */
    private void mix(String name, Map<String, Double> weights) {
        if (mix != null) {
            adapters.remove(mix);
            mix = null;
        }
        adapters.combine(name, weights, mixing);
        mix = name;
    }

    /** What can be asked for. */
    String choices() {
        return adapters == null
                ? NamedAdapters.BASE
                : NamedAdapters.BASE + ", "
                        + String.join(", ", adapters.names().stream().sorted().toList());
    }

    @Override
    public void close() {
        if (adapters != null) {
            adapters.close();
        }
        model.close();
    }
}
