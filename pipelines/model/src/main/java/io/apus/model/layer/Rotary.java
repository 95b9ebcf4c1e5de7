package io.apus.model.layer;

import io.apus.model.rope.Rotation;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Makes the rotations of a batch's positions; computed once a batch, used by every layer. */
public final class Rotary implements AutoCloseable {
    private final Tensor inverseFrequencies;
    private final double attentionFactor;

    public Rotary(Rotation rotation) {
        double[] exact = rotation.inverseFrequencies();
        float[] rounded = new float[exact.length];
        for (int i = 0; i < exact.length; i++) {
            rounded[i] = (float) exact[i];
        }
        this.inverseFrequencies = Scope.own(Torch.floats(rounded));
        this.attentionFactor = rotation.attentionFactor();
    }

    /**
     * Cosines and sines of one batch, both [tokens, 1, headDim]; the first half of the sines is negated, so that a rotation is
     * x * cosine + halves-swapped(x) * sine.
     */
    public record Angles(Tensor cosine, Tensor sine) {
        /** Rotates [tokens, heads, headDim]. */
        Tensor rotate(Tensor states) {
            long half = states.size(2) / 2;
            Tensor swapped = states.roll(new long[] {half}, 2);
            return states.mul(cosine).addcmul(swapped, sine);
        }
    }

    /** {@code positionIds} is [tokens] int64; the results belong to the caller's scope. */
    public Angles angles(Tensor positionIds) {
        try (Scope scope = Scope.open()) {
            // Positions times frequencies in float32, as transformers does, so that long contexts agree with how models
            // were trained.
            Tensor angles = torch.outer(positionIds.to(torch.ScalarType.Float), inverseFrequencies);
            Tensor cosine = angles.cos().mul(Torch.scalar(attentionFactor));
            Tensor sine = angles.sin().mul(Torch.scalar(attentionFactor));
            return new Angles(scope.keep(both(cosine, cosine)), scope.keep(both(sine.neg(), sine)));
        }
    }

    private static Tensor both(Tensor first, Tensor second) {
        return torch.cat(new TensorVector(first, second), 1).unsqueeze(1);
    }

    @Override
    public void close() {
        Scope.release(inverseFrequencies);
    }
}
