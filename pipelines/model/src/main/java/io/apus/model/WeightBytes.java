package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.layer.Linear;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.CheckpointFormats;
import io.apus.model.quant.QuantisedSize;
import io.apus.model.quant.Quantiser;
import io.apus.model.quant.format.Mxfp4;
import io.apus.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Memory of a model's weights, known before they are read.
 *
 * @param floats bytes of the float32 parameters
 * @param quantised bytes of the quantised linears and experts and experts
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

    /** A model whose layers' linears and experts are quantised while it is loaded. */
    public static WeightBytes of(ModelConfig config, Quantiser quantiser) {
        Matrices taken = Matrices.linears(config, quantiser::takes).and(Matrices.experts(config));
        return taken.with(config, Math.round(taken.numbers() * QuantisedSize.bytesPerNumber(quantiser)));
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
            BlockScaledExperts experts =
                    new BlockScaledExperts(files, config.shapes().keySet());
            long plain = 0;
            long packed = 0;
            for (String name : files.names()) {
                TensorInfo info = files.info(name);
                boolean bias = name.endsWith(".bias");
                if ((quantised.owns(name) && !bias) || experts.owns(name)) {
                    packed += info.end() - info.begin();
                } else {
                    plain += FLOAT
                            * info.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
                }
            }
            return new WeightBytes(
                    plain,
                    packed,
                    Matrices.linears(config, linear -> true)
                            .and(Matrices.experts(config))
                            .working());
        }
    }

    /** A quantised checkpoint of which config.json alone is here: the bits it names and a seventh for scales. */
    private static WeightBytes guessed(ModelConfig config) {
        JsonNode quantisation = config.json().path(CheckpointFormats.KEY);
        if (CheckpointFormats.experts(config.json())) {
            Matrices experts = Matrices.experts(config);
            return experts.with(config, experts.numbers() / 2 + experts.numbers() / Mxfp4.BLOCK);
        }
        boolean four = quantisation.path("load_in_4bit").asBoolean();
        int bits = quantisation.path("bits").asInt(quantisation.path("w_bit").asInt(four ? 4 : 8));
        Matrices linears = Matrices.linears(config, linear -> true);
        return linears.with(config, linears.numbers() * bits / 7);
    }

    /** Matrices that are quantised: numbers of all, and of the largest. */
    private record Matrices(long numbers, long largest) {
        static Matrices linears(ModelConfig config, Predicate<String> taken) {
            return of(config.described().blocks().stream()
                    .flatMap(block -> block.slots().stream())
                    .filter(slot -> slot.get() instanceof Linear && taken.test(slot.name()))
                    .mapToLong(slot -> slot.get().inFeatures() * slot.get().outFeatures()));
        }

        /** Those of banks, one by one. */
        static Matrices experts(ModelConfig config) {
            return of(ExpertSlot.in(config.described().blocks()).stream().flatMapToLong(slot -> LongStream.generate(
                            () -> slot.get().layout().numbers())
                    .limit(slot.get().count())));
        }

        private static Matrices of(LongStream sizes) {
            LongSummaryStatistics all = sizes.summaryStatistics();
            return new Matrices(all.getSum(), Math.max(0, all.getMax()));
        }

        Matrices and(Matrices others) {
            return new Matrices(numbers + others.numbers, Math.max(largest, others.largest));
        }

        long working() {
            return COPIES * FLOAT * largest;
        }

        /** A model with these as {@code bytes}. */
        WeightBytes with(ModelConfig config, long bytes) {
            return new WeightBytes(FLOAT * (config.parameterCount() - numbers), bytes, working());
        }
    }

    public long total() {
        return floats + quantised + working;
    }
}
