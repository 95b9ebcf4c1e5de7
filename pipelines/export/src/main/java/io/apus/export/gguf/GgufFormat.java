package io.apus.export.gguf;

import io.apus.export.format.ExportFormat;
import io.apus.export.format.ExportSource;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.rope.RopeParameters;
import io.apus.model.rope.RopeScalings;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * One GGUF file that llama.cpp and what is built on it read. Matrices are stored as {@code matrixType}, or as f16 where a row does
 * not fill whole blocks; vectors stay f32, as llama.cpp's own converter leaves them.
 */
public final class GgufFormat implements ExportFormat {
    private static final String ROPE_FACTORS = "rope_freqs.weight";

    private final GgufType matrixType;
    private final double tolerance;

    /**
     * @param matrixType how matrices are stored
     * @param tolerance largest mean KL divergence of next-token distributions from the trained model's, in nats
     */
    public GgufFormat(GgufType matrixType, double tolerance) {
        this.matrixType = matrixType;
        this.tolerance = tolerance;
    }

    @Override
    public String fileName() {
        return "model-" + matrixType.name().toLowerCase(java.util.Locale.ROOT) + ".gguf";
    }

    @Override
    public double tolerance() {
        return tolerance;
    }

    @Override
    public void check(String architecture) {
        GgufArchitecture.of(architecture);
    }

    @Override
    public void write(ExportSource source, Path file) throws IOException {
        ModelConfig config = source.model().config();
        GgufArchitecture architecture = GgufArchitecture.of(config.architecture());
        Map<String, Object> metadata = GgufMetadata.of(config, architecture, source.name(), matrixType);
        metadata.putAll(new GgufTokenizer(source.tokenizerFolder()).metadata(config.vocabSize()));
        Map<GgufTensor, Parameter> table = new LinkedHashMap<>();
        source.model().parameters().values().forEach(parameter -> table.put(entry(parameter), parameter));
        List<GgufTensor> entries = new ArrayList<>(table.keySet());
        double[] factors = ropeFactors(config.rope());
        GgufTensor factorEntry = new GgufTensor(ROPE_FACTORS, List.of((long) factors.length), GgufType.F32);
        if (factors.length > 0) {
            entries.add(factorEntry);
        }
        try (GgufWriter writer = GgufWriter.create(file, metadata, entries)) {
            for (Map.Entry<GgufTensor, Parameter> line : table.entrySet()) {
                writeParameter(writer, line.getKey(), line.getValue(), architecture, config.headDim());
            }
            if (factors.length > 0) {
                writer.data(factorEntry, (from, length) -> toFloats(factors));
            }
        }
    }

    private GgufTensor entry(Parameter parameter) {
        long[] shape = parameter.shape();
        GgufType type = matrixType;
        if (shape.length == 1) {
            type = GgufType.F32;
        } else if (shape[shape.length - 1] % matrixType.blockSize() != 0) {
            type = GgufType.F16;
        }
        return new GgufTensor(
                GgufArchitecture.tensorName(parameter.name()),
                Arrays.stream(shape).boxed().toList(),
                type);
    }

    private static void writeParameter(
            GgufWriter writer, GgufTensor entry, Parameter parameter, GgufArchitecture architecture, int headDim)
            throws IOException {
        try (Scope scope = Scope.open();
                NoGrad noGrad = Torch.noGrad()) {
            Tensor values = parameter.tensor().detach();
            if (architecture.reorders(parameter.name())) {
                values = values.index_select(
                        0,
                        Torch.longs(
                                GgufArchitecture.rowOrder(entry.shape().get(0).intValue(), headDim)));
            }
            Tensor flat = values.contiguous().view(-1);
            writer.data(entry, (from, length) -> {
                try (Scope chunk = Scope.open()) {
                    return Torch.toFloats(flat.narrow(0, from, length));
                }
            });
        }
    }

    /** Llama 3.1's scaling reaches llama.cpp as a divisor of each frequency; other scalings are metadata. */
    private static double[] ropeFactors(RopeParameters rope) {
        if (!rope.type().equals("llama3")) {
            return new double[0];
        }
        double[] scaled = RopeScalings.rotation(rope, 0).inverseFrequencies();
        double[] plain = RopeScalings.rotation(rope.unscaled(rope.theta()), 0).inverseFrequencies();
        double[] factors = new double[plain.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = plain[i] / scaled[i];
        }
        return factors;
    }

    private static float[] toFloats(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    @Override
    public DecoderModel reload(ExportSource source, Path path) throws IOException {
        try (GgufFile file = GgufFile.open(path)) {
            ModelConfig config =
                    GgufMetadata.toConfig(file.metadata(), source.model().config());
            GgufArchitecture architecture = GgufArchitecture.of(config.architecture());
            DecoderModel model = DecoderModel.random(config, 0);
            for (Parameter parameter : model.parameters().values()) {
                restore(file, parameter, architecture, config.headDim());
            }
            return model;
        }
    }

    private static void restore(GgufFile file, Parameter parameter, GgufArchitecture architecture, int headDim)
            throws IOException {
        try (Scope scope = Scope.open();
                NoGrad noGrad = Torch.noGrad()) {
            String name = GgufArchitecture.tensorName(parameter.name());
            Tensor stored = Torch.floats(file.values(name)).view(parameter.shape());
            if (architecture.reorders(parameter.name())) {
                long[] order = GgufArchitecture.rowOrder((int) parameter.shape()[0], headDim);
                parameter.tensor().index_copy_(0, Torch.longs(order), stored);
            } else {
                parameter.tensor().copy_(stored);
            }
        }
    }
}
