package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The modules that are trained in full beside an adapter, by suffixes of their names: all but the linears of the layers, which
 * adapters are for.
 */
final class SavedModules {
    /** ms-swift's name for the token embedding, whatever a family calls it. */
    private static final String EMBEDDING = "all-embedding";
    /** ms-swift's name for every norm. */
    private static final String NORMS = "all-norm";

    private SavedModules() {}

    /** The parameters to train; a head that shares the embedding's weight gets its own where one of the two is among them. */
    static List<Parameter> of(DecoderModel model, List<String> names) {
        String head = model.head().name();
        String embedding = module(model.embedding().weight().name());
        if (names.stream().anyMatch(name -> named(head, name) || named(embedding, name) || name.equals(EMBEDDING))) {
            model.head().untie();
        }
        Set<String> linears = model.projections().keySet();
        List<Parameter> others = model.parameters().values().stream()
                .filter(parameter ->
                        linears.stream().noneMatch(linear -> parameter.name().startsWith(linear + ".")))
                .toList();
        Set<Parameter> found = new LinkedHashSet<>();
        for (String name : names) {
            List<Parameter> hits = others.stream()
                    .filter(parameter -> matches(module(parameter.name()), name, embedding))
                    .toList();
            if (hits.isEmpty()) {
                throw unknown(name, others);
            }
            if (!found.addAll(hits)) {
                throw new UserError("Cannot attach adapter", "modules_to_save names " + name + " twice", "");
            }
        }
        return new ArrayList<>(found);
    }

    private static UserError unknown(String name, List<Parameter> others) {
        SortedSet<String> known = others.stream()
                .map(parameter -> last(module(parameter.name())))
                .collect(Collectors.toCollection(TreeSet::new));
        known.addAll(List.of(EMBEDDING, NORMS));
        return new UserError(
                "Cannot attach adapter",
                "modules_to_save names \"" + name + "\", and nothing beside the linears is called so (nearest: \""
                        + Registry.nearest(name, known) + "\")",
                "Known: " + String.join(", ", known) + ".");
    }

    /** Numbers to train, from the shapes alone. */
    static long count(ModelConfig config, List<String> names) {
        long count = 0;
        for (Map.Entry<String, long[]> weight : config.shapes().entrySet()) {
            String module = module(weight.getKey());
            boolean linear = Targets.inLayer(module) && weight.getValue().length > 1;
            boolean embeds = !linear && weight.getValue()[0] == config.vocabSize();
            if (!linear && names.stream().anyMatch(name -> matches(module, name, embeds ? module : ""))) {
                count += Arrays.stream(weight.getValue()).reduce(1, (a, b) -> a * b);
            }
        }
        boolean ownHead = config.tieWordEmbeddings() && names.contains("lm_head");
        return ownHead ? count + (long) config.vocabSize() * config.hiddenSize() : count;
    }

    private static boolean matches(String module, String name, String embedding) {
        return switch (name) {
            case EMBEDDING -> module.equals(embedding);
            case NORMS -> last(module).toLowerCase(Locale.ROOT).contains("norm");
            default -> named(module, name);
        };
    }

    private static boolean named(String module, String suffix) {
        return module.equals(suffix) || module.endsWith("." + suffix);
    }

    private static String module(String parameter) {
        return parameter.substring(0, parameter.lastIndexOf('.'));
    }

    private static String last(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }
}
