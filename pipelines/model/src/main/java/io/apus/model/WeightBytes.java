package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Linear;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.quant.CheckpointFormats;
import io.apus.model.quant.QuantisedSize;
import io.apus.model.quant.Quantiser;
import io.apus.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Memory of a model's weights, known before they are read.
 *
 * @param floats bytes of the float32 parameters
 * @param quantised bytes of the quantised linears
 * @param working bytes that dequantising the largest of them takes for a moment
 */
public record WeightBytes(long floats, long quantised, long working) {
    private static final long FLOAT = 4;
    /** The dequantised matrix, its codes as numbers and one intermediate result. */
    private static final long COPIES = 3;

    /** A model without quantisation. */
    public static WeightBytes floats(ModelConfig config) {
        return new WeightBytes(FLOAT * config.parameterCount(), 0, 0);
    }

    /** A model whose layers' linears are quantised while it is loaded. */
    public static WeightBytes of(ModelConfig config, Quantiser quantiser) {
        long taken = 0;
        long largest = 0;
        for (ProjectionSlot slot : linears(config)) {
            long numbers = slot.get().inFeatures() * slot.get().outFeatures();
            if (quantiser.takes(slot.name())) {
                taken += numbers;
                largest = Math.max(largest, numbers);
            }
        }
        return new WeightBytes(
                FLOAT * (config.parameterCount() - taken),
                Math.round(taken * QuantisedSize.bytesPerNumber(quantiser)),
                COPIES * FLOAT * largest);
    }

    /** A model as its folder stores it; reads the files' headers where config.json says that it is quantised. */
    public static WeightBytes stored(Path folder, ModelConfig config) {
        if (CheckpointFormats.method(config.json()).isEmpty()) {
            return floats(config);
        }
        if (!WeightFiles.present(folder)) {
            return guessed(config);
        }
        try (WeightFiles files = WeightFiles.open(folder)) {
            QuantisedReader quantised = new QuantisedReader(files, config, Optional.empty());
            long plain = 0;
            long packed = 0;
            for (String name : files.names()) {
                TensorInfo info = files.info(name);
                boolean bias = name.endsWith(".bias");
                if (quantised.owns(name) && !bias) {
                    packed += info.end() - info.begin();
                } else {
                    plain += FLOAT
                            * info.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
                }
            }
            long largest = linears(config).stream()
                    .mapToLong(slot -> slot.get().inFeatures() * slot.get().outFeatures())
                    .max()
                    .orElse(0);
            return new WeightBytes(plain, packed, COPIES * FLOAT * largest);
        }
    }

    /** A quantised checkpoint of which config.json alone is here: the bits it names and a seventh for scales. */
    private static WeightBytes guessed(ModelConfig config) {
        JsonNode quantisation = config.json().path(CheckpointFormats.KEY);
        boolean four = quantisation.path("load_in_4bit").asBoolean();
        int bits = quantisation.path("bits").asInt(quantisation.path("w_bit").asInt(four ? 4 : 8));
        long taken = 0;
        long largest = 0;
        for (ProjectionSlot slot : linears(config)) {
            long numbers = slot.get().inFeatures() * slot.get().outFeatures();
            taken += numbers;
            largest = Math.max(largest, numbers);
        }
        return new WeightBytes(FLOAT * (config.parameterCount() - taken), taken * bits / 7, COPIES * FLOAT * largest);
    }

    private static List<ProjectionSlot> linears(ModelConfig config) {
        return config.described().blocks().stream()
                .flatMap(block -> block.slots().stream())
                .filter(slot -> slot.get() instanceof Linear)
                .toList();
    }

    public long total() {
        return floats + quantised + working;
    }
}
