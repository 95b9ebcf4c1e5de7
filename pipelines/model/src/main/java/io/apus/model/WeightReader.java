package io.apus.model;

import io.apus.model.layer.Parameter;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Reads the weights that a config calls for out of a folder's safetensors, comparing names and shapes before anything is copied. */
final class WeightReader {
    private static final Set<DType> FLOATS = EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.F64);
    private static final int LISTED = 8;

    private WeightReader() {}

    /** Float32 copies by name. */
    static Map<String, Parameter> read(Path folder, ModelConfig config) {
        try (WeightFiles files = WeightFiles.open(folder)) {
            SortedMap<String, long[]> wanted = config.shapes();
            check(files, wanted, config);
            Map<String, Parameter> parameters = new HashMap<>();
            for (String name : wanted.keySet()) {
                try (Scope scope = Scope.open()) {
                    Tensor stored = files.file(name).tensor(name);
                    Tensor copy = DType.of(stored) == DType.F32 ? stored.clone() : stored.to(torch.ScalarType.Float);
                    parameters.put(name, new Parameter(name, copy));
                }
            }
            return parameters;
        }
    }

    private static void check(WeightFiles files, SortedMap<String, long[]> wanted, ModelConfig config) {
        List<String> faults = new ArrayList<>();
        String suspect = null;
        for (Map.Entry<String, long[]> want : wanted.entrySet()) {
            String fault = fault(files, want.getKey(), want.getValue());
            if (fault != null) {
                faults.add(fault);
                suspect = suspect == null ? ShapeSuspect.of(want.getKey(), files) : suspect;
            }
        }
        for (String name : files.names()) {
            if (!wanted.containsKey(name) && !harmless(name, config)) {
                faults.add(name + " in " + files.file(name).path().getFileName() + " has no place in the config");
                suspect = suspect == null ? "architectures and num_hidden_layers" : suspect;
            }
        }
        if (!faults.isEmpty()) {
            throw new UserError("Cannot load weights", listed(faults), "Check " + suspect + " in config.json.");
        }
    }

    private static String fault(WeightFiles files, String name, long[] shape) {
        SafeTensorsFile file = files.file(name);
        if (file == null) {
            return name + " is missing";
        }
        TensorInfo info = file.info(name);
        String where = " in " + file.path().getFileName();
        if (!Arrays.equals(info.sizes(), shape)) {
            return name + " has shape " + info.shape() + where + ", the config needs " + Arrays.toString(shape);
        }
        return FLOATS.contains(info.dtype()) ? null : name + " is stored as " + info.dtype() + where;
    }

    /** What transformers writes or wrote beside the parameters: buffers, and the second name of a tied weight. */
    private static boolean harmless(String name, ModelConfig config) {
        return name.endsWith("rotary_emb.inv_freq")
                || (config.tieWordEmbeddings()
                        && name.equals(config.described().head().name() + ".weight"));
    }

    private static String listed(List<String> faults) {
        String first = String.join("; ", faults.subList(0, Math.min(LISTED, faults.size())));
        return faults.size() > LISTED ? first + "; and " + (faults.size() - LISTED) + " more" : first;
    }
}
