package io.apus.model;

import io.apus.model.family.Families;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Values;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.Quantiser;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;

/** Reads the weights that a config calls for out of a folder's safetensors, comparing names and shapes before anything is copied. */
final class WeightReader {
    private static final Set<DType> FLOATS = EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.F64);

    private WeightReader() {}

    /**
     * Parameters by name, to be read from files that are open till then; quantised weights as they are stored, or as {@code quantiser}
     * makes them one by one.
     *
     * @param used linears and experts that will be computed with; of the others none that is quantised is read
     */
    static LoadedParts open(Path folder, ModelConfig config, Optional<Quantiser> quantiser, Predicate<String> used) {
        return open(folder, config, quantiser, used, Map.of());
    }

    /** Everything, with {@code further} parameters by name and shape. */
    static LoadedParts read(Path folder, ModelConfig config, Map<String, long[]> further) {
        return open(folder, config, Optional.empty(), linear -> true, further).read();
    }

    private static LoadedParts open(
            Path folder,
            ModelConfig config,
            Optional<Quantiser> quantiser,
            Predicate<String> used,
            Map<String, long[]> further) {
        WeightFiles files = WeightFiles.open(folder);
        try {
            SortedMap<String, long[]> wanted = config.shapes();
            wanted.putAll(further);
            files.expect(wanted.keySet());
            QuantisedReader quantised = new QuantisedReader(files, config, quantiser, used);
            BlockScaledExperts experts = new BlockScaledExperts(files, wanted.keySet());
            misfits(files, wanted, config, quantised, experts).refuse();
            wanted.keySet().removeIf(quantised::replaces);
            Map<String, Parameter> parameters = new HashMap<>();
            wanted.forEach((name, shape) -> parameters.put(
                    name,
                    Parameter.unread(
                            name,
                            experts.holds(name)
                                    ? Values.made(shape, () -> experts.tensor(name))
                                    : stored(files, name, config.storedTransposed(name)))));
            Map<String, ExpertBank> banks = new ExpertReader(experts, quantiser, used)
                    .read(ExpertSlot.in(config.described().blocks()), parameters);
            try {
                return new LoadedParts(parameters, quantised.read(parameters), banks, files);
            } catch (RuntimeException e) {
                banks.values().forEach(bank -> bank.parameters().forEach(Parameter::close));
                throw e;
            }
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static Values stored(WeightFiles files, String name, boolean transposed) {
        SafeTensorsFile file = files.file(name);
        String stored = files.stored(name);
        long[] shape = file.info(stored).sizes();
        return transposed
                ? Values.of(new long[] {shape[1], shape[0]}, () -> file.tensor(stored)
                        .t())
                : Values.of(shape, () -> file.tensor(stored));
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
