package io.apus.model.quant;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** Bytes that quantised linears will take, known before a weight is read: by quantising a small matrix of the same proportions. */
public final class QuantisedSize {
    private static final long SAMPLE = 1024;

    private QuantisedSize() {}

    /** Bytes for one number of a large matrix under {@code quantiser}, its scales and tables included. */
    public static double bytesPerNumber(Quantiser quantiser) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor sample = Torch.zeros(SAMPLE, SAMPLE);
            long bytes = quantiser.method().apply(sample).tensors().values().stream()
                    .mapToLong(Torch::bytes)
                    .sum();
            return (double) bytes / (SAMPLE * SAMPLE);
        }
    }
}
