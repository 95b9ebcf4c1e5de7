package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;

/** The modules that can be trained in full beside an adapter: the output head and the embedding. */
final class SavedModules {
    private static final Registry<Boolean> KNOWN = Registry.of(
            "module in modules_to_save", Registry.entry("lm_head", true), Registry.entry("embed_tokens", false));

    private SavedModules() {}

    static boolean isKnown(String name) {
        return KNOWN.names().contains(name);
    }

    /** Numbers in the weights to train: each module has its own, [vocabSize, hiddenSize]. */
    static long count(ModelConfig config, List<String> names) {
        return names.stream().filter(SavedModules::isKnown).distinct().count()
                * config.vocabSize()
                * config.hiddenSize();
    }

    /** The weights to train; a head that shares the embedding's weight gets its own, as in PEFT. */
    static List<Parameter> of(DecoderModel model, List<String> names) {
        if (!names.isEmpty()) {
            names.forEach(KNOWN::get);
            model.head().untie();
        }
        List<Parameter> weights = new ArrayList<>();
        for (String name : names) {
            Parameter weight =
                    KNOWN.get(name) ? model.head().weight() : model.embedding().weight();
            if (weights.contains(weight)) {
                throw new UserError("Cannot attach adapter", "modules_to_save names " + name + " twice", "");
            }
            weights.add(weight);
        }
        return weights;
    }
}
