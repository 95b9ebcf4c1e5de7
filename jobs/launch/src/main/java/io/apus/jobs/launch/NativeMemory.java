package io.apus.jobs.launch;

import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Plans the memory of an executor beside its heap: weights, gradients and optimiser state of one rank, and room to compute. */
final class NativeMemory {
    private static final long MIB = 1 << 20;
    /** libtorch itself, activations of a checkpointed block and the chunk of logits. */
    private static final long WORKING_MIB = 1536;

    private static final int FLOAT_BYTES = 4;
    /** Weight, gradient and two moments of AdamW. */
    private static final int FULL_COPIES = 4;
    /** Files hold two bytes for a weight (bf16, f16); larger ones only make the plan more careful. */
    private static final int FILE_BYTES = 2;

    private NativeMemory() {}

    /** @param forOneTask what a stage has found that it needs for one task, 0 if none has; more tasks of an executor need more */
    static long mebibytes(Asked asked, long forOneTask) {
        RunSpec spec = asked.spec();
        if (spec.cluster().memoryOverhead() != null) {
            return spec.cluster().memoryOverhead();
        }
        // Ranks that share a model know best what each trains of it; a stage that only computes with it needs all of
        // it.
        boolean full = spec.tuner().tunerType().equals("full") && forOneTask == 0;
        long weights = parameters(spec) * FLOAT_BYTES;
        long usual = WORKING_MIB + weights * (full ? FULL_COPIES : 1) / MIB;
        return Math.max(usual, forOneTask * Math.min(spec.train().worldSize(), asked.ranksPerExecutor()));
    }

    private static long parameters(RunSpec spec) {
        CreateModelSpec shape = spec.model().create();
        return shape != null ? created(shape) : weightBytes(Path.of(spec.model().model())) / FILE_BYTES;
    }

    private static long created(CreateModelSpec shape) {
        long attention =
                2L * shape.hiddenSize() * shape.headDim() * (shape.numAttentionHeads() + shape.numKeyValueHeads());
        long feedForward = 3L * shape.hiddenSize() * shape.intermediateSize();
        long embeddings = (long) shape.vocabSize() * shape.hiddenSize() * (shape.tieWordEmbeddings() ? 1 : 2);
        return embeddings + shape.numHiddenLayers() * (attention + feedForward);
    }

    private static long weightBytes(Path model) {
        if (!Files.isDirectory(model)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(model)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
