package io.apus.model.tuner.llamapro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.ModuleNames;
import io.apus.model.tuner.method.Targets;
import io.apus.schemas.UserError;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * A model's layers as they are after growing.
 *
 * @param prefix of the layers' names, e.g. {@code model.layers}
 * @param sources for each layer of the grown model the present one that it is or is copied from
 * @param added numbers of the new layers in the grown model
 */
record Growth(String prefix, List<Integer> sources, Set<Integer> added) {
    /** What config.json says for each layer. */
    private static final List<String> PER_LAYER = List.of("layer_types", "mlp_layer_types", "no_rope_layers");

    /** After every so many layers come the copies of the last one, equally many in each of {@code groups} places. */
    static Growth of(DecoderModel model, int newBlocks, int groups) {
        int present = model.blocks().size();
        check(present, groups);
        boolean adapted = model.projections().values().stream().anyMatch(slot -> !(slot.get() instanceof Linear));
        if (adapted || model.quantised() > 0) {
            throw refused("its weights are quantised or adapted", "Start from a plain model.");
        }
        List<Integer> sources = new ArrayList<>();
        List<Integer> added = new ArrayList<>();
        for (int layer = 0; layer < present; layer++) {
            sources.add(layer);
            if ((layer + 1) % (present / groups) == 0) {
                for (int copy = 0; copy < newBlocks / groups; copy++) {
                    added.add(sources.size());
                    sources.add(layer);
                }
            }
        }
        Parameter first = model.blocks().get(0).parameters().get(0);
        String name = ModuleNames.ofLayer(0, first);
        return new Growth(name.substring(0, name.length() - 2), List.copyOf(sources), Set.copyOf(added));
    }

    /** Refuses a number of layers that does not split into {@code groups}. */
    static void check(int layers, int groups) {
        if (layers % groups != 0) {
            throw refused(
                    "its " + layers + " layers do not split into " + groups + " equal groups",
                    "Choose llamapro_num_new_blocks or llamapro_num_groups so that they do.");
        }
    }

    private static UserError refused(String problem, String cure) {
        return new UserError("Cannot grow the model", problem, cure);
    }

    boolean isNew(String parameter) {
        if (!parameter.startsWith(prefix + ".")) {
            return false;
        }
        String number = parameter.substring(prefix.length() + 1).replaceFirst("\\..*", "");
        return added.contains(Integer.parseInt(number));
    }

    /** Makes {@code model} the grown one; weights of present layers are not copied. */
    void apply(DecoderModel model) {
        ModelConfig grown = grown(model.config());
        checkWindows(model.config(), grown);
        Map<String, Parameter> parameters = new TreeMap<>(model.parameters());
        parameters.keySet().removeIf(name -> name.startsWith(prefix + "."));
        List<Parameter> old = new ArrayList<>();
        for (int layer = 0; layer < sources.size(); layer++) {
            DecoderBlock source = model.blocks().get(sources.get(layer));
            String from = prefix + "." + sources.get(layer) + ".";
            boolean fresh = added.contains(layer);
            Set<String> silent = silent(source);
            for (Parameter parameter : source.parameters()) {
                String name = prefix + "." + layer + "." + parameter.name().substring(from.length());
                Tensor tensor = fresh ? copy(parameter, silent) : parameter.tensor();
                parameters.put(name, new Parameter(name, tensor));
                if (!fresh) {
                    old.add(parameter);
                }
            }
        }
        model.rebuild(grown, parameters);
        old.forEach(Parameter::close);
    }

    private ModelConfig grown(ModelConfig config) {
        ObjectNode json = config.json();
        for (String key : PER_LAYER) {
            if (json.get(key) instanceof ArrayNode perLayer && perLayer.size() == config.numHiddenLayers()) {
                List<JsonNode> values = sources.stream().map(perLayer::get).toList();
                perLayer.removeAll().addAll(values);
            }
        }
        String key = Stream.of("num_hidden_layers", "n_layer", "num_layers", "n_layers")
                .filter(json::has)
                .findFirst()
                .orElseThrow(() -> refused("its config.json does not name the number of its layers", ""));
        json.put(key, sources.size());
        return ModelConfig.of(json);
    }

    private void checkWindows(ModelConfig before, ModelConfig after) {
        for (int layer = 0; layer < sources.size(); layer++) {
            if (before.slidingWindow(sources.get(layer)) != after.slidingWindow(layer)) {
                throw refused("its sliding windows depend on the layers' numbers, which would change", "");
            }
        }
    }

    /** The linears whose results are added to the states: the last ones of the mixer and of the network. */
    private static Set<String> silent(DecoderBlock block) {
        List<ProjectionSlot> network = block.mlp().slots();
        List<ProjectionSlot> mixer = block.mixer().slots();
        if (network.isEmpty() || mixer.isEmpty()) {
            throw refused("a layer of this family ends in no linear that could start at zero", "");
        }
        Set<String> ends = Stream.of(network, mixer)
                .map(slots -> Targets.suffix(slots.get(slots.size() - 1)))
                .collect(Collectors.toSet());
        return block.slots().stream()
                .filter(slot -> ends.contains(Targets.suffix(slot)))
                .map(slot -> slot.name() + ".")
                .collect(Collectors.toSet());
    }

    private static Tensor copy(Parameter parameter, Set<String> silent) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor copy = parameter.tensor().detach().clone();
            if (silent.stream().anyMatch(parameter.name()::startsWith)) {
                copy.zero_();
            }
            return scope.keep(copy);
        }
    }
}
