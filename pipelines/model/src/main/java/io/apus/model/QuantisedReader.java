package io.apus.model;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.quant.CheckpointFormat;
import io.apus.model.quant.CheckpointFormats;
import io.apus.model.quant.Quantiser;
import io.apus.model.quant.format.StoredLinear;
import io.apus.model.quant.format.StoredTensors;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/** Which linears of a model are or become quantised, and how their weights are read. */
final class QuantisedReader {
    private final WeightFiles files;
    private final Optional<CheckpointFormat> format;
    private final Optional<Quantiser> quantiser;
    private final SortedMap<String, Linear> stored = new TreeMap<>();
    private final List<String> made = new ArrayList<>();
    private final Predicate<String> used;

    /** Of all linears. */
    QuantisedReader(WeightFiles files, ModelConfig config, Optional<Quantiser> quantiser) {
        this(files, config, quantiser, linear -> true);
    }

    /** @param used linears that will be computed with */
    QuantisedReader(WeightFiles files, ModelConfig config, Optional<Quantiser> quantiser, Predicate<String> used) {
        this.files = files;
        this.used = used;
        this.quantiser = quantiser;
        this.format = CheckpointFormats.of(config.json());
        if (format.isPresent() && quantiser.isPresent()) {
            throw new UserError(
                    "Cannot quantise the model",
                    "its weights are quantised already (" + CheckpointFormats.KEY + " in config.json says "
                            + CheckpointFormats.method(config.json()).orElseThrow() + ")",
                    "Leave quant_method out to train on them as they are.");
        }
        config.described().blocks().forEach(block -> block.slots().forEach(this::sort));
    }

    private void sort(ProjectionSlot slot) {
        if (!(slot.get() instanceof Linear declared)) {
            return;
        }
        if (format.filter(f -> f.holds(tensors(), slot.name())).isPresent()) {
            stored.put(slot.name(), declared);
        } else if (quantiser.filter(q -> q.takes(slot.name())).isPresent() && used.test(slot.name())) {
            made.add(slot.name());
        }
    }

    private StoredTensors tensors() {
        return new StoredTensors() {
            @Override
            public boolean contains(String name) {
                return files.file(name) != null;
            }

            @Override
            public Tensor tensor(String name) {
                return files.tensor(name);
            }
        };
    }

    /** Whether the plain weight {@code name} is not to be looked for. */
    boolean replaces(String name) {
        return name.endsWith(".weight") && stored.containsKey(module(name));
    }

    /** Whether a tensor belongs to a quantised linear. AutoGPTQ writes biases of zeros where a model has none. */
    boolean owns(String name) {
        String module = module(name);
        while (!module.isEmpty() && !stored.containsKey(module)) {
            module = module(module);
        }
        if (module.isEmpty()) {
            return false;
        }
        if (!name.equals(module + ".bias") || stored.get(module).bias().isPresent()) {
            return true;
        }
        try (Scope scope = Scope.open()) {
            return files.tensor(name).count_nonzero().item_long() == 0;
        }
    }

    private static String module(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /** Every linear that is used and stored quantised, or quantised now, by name; all faults of files are one {@link UserError}. */
    Map<String, Projection> read(Map<String, Parameter> parameters) {
        Map<String, Projection> read = new HashMap<>();
        try {
            readStored(parameters, read);
            for (String module : made) {
                read.put(module, quantise(module, parameters));
            }
            return read;
        } catch (RuntimeException e) {
            read.values().forEach(Projection::close);
            throw e;
        }
    }

    private Projection quantise(String module, Map<String, Parameter> parameters) {
        Parameter weight = parameters.remove(module + ".weight");
        try (Scope scope = Scope.open()) {
            return quantiser.orElseThrow().quantise(module, weight.tensor().detach(), parameters.get(module + ".bias"));
        } finally {
            weight.close();
        }
    }

    private void readStored(Map<String, Parameter> parameters, Map<String, Projection> read) {
        List<String> faults = new ArrayList<>();
        stored.forEach((name, declared) -> {
            Parameter bias = parameters.get(name + ".bias");
            StoredLinear linear = new StoredLinear(tensors(), name, declared.outFeatures(), declared.inFeatures());
            try {
                read.put(
                        name,
                        used.test(name)
                                ? format.orElseThrow().read(linear, bias)
                                : new Linear(declared.weight(), bias));
            } catch (UserError fault) {
                faults.add(fault.getMessage());
            }
        });
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot load the model",
                    faults.size() + " of " + stored.size() + " quantised linears do not fit; the first: "
                            + faults.get(0).replaceAll("\\.$", ""),
                    "");
        }
    }
}
