package io.apus.model;

import io.apus.model.family.Families;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.quant.Quantiser;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Reads the weights that a config calls for out of a folder's safetensors, comparing names and shapes before anything is copied. */
final class WeightReader {
    private static final Set<DType> FLOATS = EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.F64);

    private WeightReader() {}

    /** Float32 copies by name; quantised linears as they are stored, or as {@code quantiser} makes them one by one. */
    static LoadedParts read(Path folder, ModelConfig config, Optional<Quantiser> quantiser) {
        return read(folder, config, quantiser, Map.of());
    }

    /** As the other, with {@code further} parameters by name and shape. */
    static LoadedParts read(
            Path folder, ModelConfig config, Optional<Quantiser> quantiser, Map<String, long[]> further) {
        Map<String, Parameter> parameters = new HashMap<>();
        Map<String, Projection> linears = new HashMap<>();
        try (WeightFiles files = WeightFiles.open(folder)) {
            SortedMap<String, long[]> wanted = config.shapes();
            wanted.putAll(further);
            files.expect(wanted.keySet());
            QuantisedReader quantised = new QuantisedReader(files, config, quantiser);
            BlockScaledExperts experts = new BlockScaledExperts(files, wanted.keySet());
            misfits(files, wanted, config, quantised, experts).refuse();
            wanted.keySet().removeIf(quantised::replaces);
            // Biases come before weights: a linear is made with its bias.
            for (String name : wanted.keySet()) {
                try (Scope scope = Scope.open()) {
                    Tensor stored = experts.holds(name)
                            ? experts.tensor(name)
                            : files.file(name).tensor(files.stored(name));
                    Tensor copy =
                            floats(config.storedTransposed(name) ? stored.t().contiguous() : stored);
                    quantised
                            .quantised(name)
                            .ifPresentOrElse(
                                    module -> linears.put(module, quantised.quantise(module, copy, parameters)),
                                    () -> parameters.put(name, new Parameter(name, copy)));
                }
            }
            linears.putAll(quantised.read(parameters));
            return new LoadedParts(parameters, linears);
        } catch (RuntimeException e) {
            parameters.values().forEach(Parameter::close);
            linears.values().forEach(Projection::close);
            throw e;
        }
    }

    private static Tensor floats(Tensor stored) {
        return DType.of(stored) == DType.F32 ? stored.clone() : stored.to(torch.ScalarType.Float);
    }

    /** What of the files does not fit the config. */
    static Misfits misfits(
            WeightFiles files,
            SortedMap<String, long[]> wanted,
            ModelConfig config,
            QuantisedReader quantised,
            BlockScaledExperts experts) {
        Misfits misfits = new Misfits();
        for (Map.Entry<String, long[]> want : wanted.entrySet()) {
            String name = want.getKey();
            String fault = quantised.replaces(name)
                    ? null
                    : experts.holds(name) ? experts.fault(name, want.getValue()) : fault(files, name, want.getValue());
            if (fault != null) {
                misfits.add(fault, ShapeSuspect.of(name, files));
            }
        }
        for (String name : files.names()) {
            boolean placed = wanted.containsKey(name) && !quantised.replaces(name);
            if (!placed && !harmless(name, config) && !quantised.owns(name) && !experts.owns(name)) {
                misfits.add(
                        name + " in " + files.file(name).path().getFileName() + " has no place in the config",
                        "architectures and num_hidden_layers");
            }
        }
        return misfits;
    }

    private static String fault(WeightFiles files, String name, long[] shape) {
        SafeTensorsFile file = files.file(name);
        if (file == null) {
            return name + " is missing";
        }
        TensorInfo info = file.info(files.stored(name));
        String where = " in " + file.path().getFileName();
        if (!Arrays.equals(info.sizes(), shape)) {
            return name + " has shape " + info.shape() + where + ", the config needs " + Arrays.toString(shape);
        }
        return FLOATS.contains(info.dtype()) ? null : name + " is stored as " + info.dtype() + where;
    }

    /** What files hold beside the parameters: what the family ignores, and the second name of a tied weight. */
    private static boolean harmless(String name, ModelConfig config) {
        return Families.of(config.architecture()).ignores(name, config.numHiddenLayers())
                || (config.tieWordEmbeddings()
                        && name.equals(config.described().head().name() + ".weight"));
    }
}
