package io.apus.model;

import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Weights made from the names of parameters, so that references need none on disk; the rules are in {@code golden/README.md}. */
public final class FormulaWeights {
    private static final List<String> EMBEDDINGS = List.of(
            "embed_tokens.weight",
            "wte.weight",
            "word_embeddings.weight",
            "tok_embeddings.weight",
            "embed_in.weight",
            "backbone.embeddings.weight");

    private FormulaWeights() {}

    /** Writes {@code model.safetensors} with every tensor of {@code shapes} into {@code folder}. */
    public static void write(Path folder, Map<String, long[]> shapes, double embeddingScale) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            shapes.forEach((name, shape) -> tensors.put(
                    name, Torch.floats(values(name, shape, embeddingScale)).reshape(shape)));
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        }
    }

    /** The elements, row-major, of the tensor that is called {@code name}. */
    public static float[] values(String name, long[] shape, double embeddingScale) {
        int count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(size));
        }
        boolean norm = shape.length == 1 && name.endsWith(".weight");
        double scale = EMBEDDINGS.stream().anyMatch(name::endsWith) ? embeddingScale : norm ? 0.5 : 0.25;
        long seed = hash(name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double signed = 2 * ((mixed(seed, i) >>> 40) / (double) (1 << 24)) - 1;
            values[i] = (float) ((norm ? 1 : 0) + scale * signed);
        }
        return values;
    }

    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long mixed(long seed, long element) {
        long z = seed + (element + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
