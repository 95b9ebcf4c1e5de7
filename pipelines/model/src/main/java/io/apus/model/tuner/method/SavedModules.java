package io.apus.model.tuner.method;

import static io.apus.model.tuner.method.ModuleNames.isNamed;
import static io.apus.model.tuner.method.ModuleNames.last;
import static io.apus.model.tuner.method.ModuleNames.owner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * The modules that are trained in full beside an adapter, by suffixes of their names: all but the linears of the layers, which
 * adapters are for. The token embedding and the output head answer to Llama's names too, whatever a family calls them.
 */
final class SavedModules {
    /** Llama's name, which users and recipes know. */
    private static final String HEAD = "lm_head";

    /** ms-swift's name for every norm. */
    private static final String NORMS = "all-norm";
    /** How families call norms; those of GPT-2's line abbreviate "layer norm". */
    private static final Pattern NORM = Pattern.compile("(?i).*norm.*|ln_.*");

    private final OutputHead head;
    private final Parameter embedding;
    private final List<Parameter> others;

    private SavedModules(
            OutputHead head, Parameter embedding, Collection<Parameter> parameters, Collection<String> linears) {
        this.head = head;
        this.embedding = embedding;
        this.others = parameters.stream()
                .filter(parameter ->
                        linears.stream().noneMatch(linear -> parameter.name().startsWith(linear + ".")))
                .toList();
    }

    private static SavedModules in(DecoderModel model) {
        return new SavedModules(
                model.head(),
                model.embedding().weight(),
                model.parameters().values(),
                model.projections().keySet());
    }

    /** The parameters to train; a head that shares the embedding's weight gets its own where one of the two is among them. */
    static List<Parameter> of(DecoderModel model, List<String> names) {
        SavedModules before = in(model);
        if (names.stream().anyMatch(name -> before.isHead(name) || before.isEmbedding(name))) {
            model.head().untie();
        }
        return in(model).find(names);
    }

    /** Whether the token embedding is among {@code names}. */
    static boolean hasEmbedding(DecoderModel model, List<String> names) {
        return names.stream().anyMatch(in(model)::isEmbedding);
    }

    /** The same modules by names that every reader of the adapter finds in the model. */
    static List<String> written(DecoderModel model, List<String> names) {
        Set<String> written = new LinkedHashSet<>();
        SavedModules modules = in(model);
        for (String name : names) {
            modules.find(List.of(name)).stream()
                    .map(parameter -> owner(parameter))
                    .map(module -> isNamed(module, name) ? name : last(module))
                    .forEach(written::add);
        }
        return List.copyOf(written);
    }

    /** Numbers to train in a model that is only described. */
    static long count(Decoder described, List<String> names) {
        SavedModules modules = new SavedModules(
                described.head(),
                described.embedding().weight(),
                described.parameters(),
                described.projections().keySet());
        return modules.find(names).stream()
                .mapToLong(parameter -> LongStream.of(parameter.shape()).reduce(1, Math::multiplyExact))
                .sum();
    }

    private List<Parameter> find(List<String> names) {
        Map<String, Parameter> found = new LinkedHashMap<>();
        for (String name : names) {
            List<Parameter> hits = hits(name);
            if (hits.isEmpty()) {
                throw unknown(name);
            }
            int before = found.size();
            hits.forEach(hit -> found.putIfAbsent(hit.name(), hit));
            if (found.size() == before) {
                throw new UserError("Cannot attach adapter", "modules_to_save names " + name + " twice", "");
            }
        }
        return List.copyOf(found.values());
    }

    private List<Parameter> hits(String name) {
        if (isHead(name) && head.tied()) {
            // The weight that it will have is as large as the embedding's.
            return List.of(Parameter.declared(head.name() + ".weight", embedding.shape()));
        }
        return others.stream()
                .filter(parameter -> matches(owner(parameter), name))
                .toList();
    }

    private boolean matches(String module, String name) {
        if (name.equals(NORMS)) {
            return NORM.matcher(last(module)).matches();
        }
        return isNamed(module, name)
                || (isHead(name) && module.equals(head.name()))
                || (isEmbedding(name) && module.equals(owner(embedding)));
    }

    private boolean isHead(String name) {
        return name.equals(HEAD) || isNamed(head.name(), name);
    }

    private boolean isEmbedding(String name) {
        return ModuleNames.isEmbedding(embedding, name);
    }

    private UserError unknown(String name) {
        SortedSet<String> known = new TreeSet<>(List.of(HEAD, ModuleNames.EMBEDDING, ModuleNames.ALL_EMBEDDING, NORMS));
        others.forEach(parameter -> known.add(last(owner(parameter))));
        return new UserError(
                "Cannot attach adapter",
                "modules_to_save names \"" + name + "\", and nothing beside the linears is called so (nearest: \""
                        + Registry.nearest(name, known) + "\")",
                "Known: " + String.join(", ", known) + ".");
    }
}
