package io.apus.model.layer;

import io.apus.model.layer.fused.FusedRotation;
import io.apus.model.rope.RopeParameters;
import io.apus.model.rope.RopeScalings;
import io.apus.model.rope.Rotation;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Makes the rotations of a batch's positions; computed once a batch, used by every layer that shares them.
 *
 * @param interleaved neighbours form a pair, instead of each dimension and the one half a head further
 */
public record Rotary(RopeParameters parameters, boolean interleaved) {

    /**
     * Cosines and sines of one batch, both [tokens, 1, dim] with dim at most a head's size; the sines of each pair's first member are
     * negated, so that a rotation is x * cosine + partners(x) * sine.
     */
    public record Angles(Tensor cosine, Tensor sine, boolean interleaved) {
        /** Rotates the first dim dimensions of [tokens, heads, headDim]. */
        Tensor rotate(Tensor states) {
            long dim = cosine.size(2);
            long size = states.size(2);
            if (dim == size) {
                return turned(states);
            }
            return torch.cat(new TensorVector(turned(states.narrow(2, 0, dim)), states.narrow(2, dim, size - dim)), 2);
        }

        /** The same on {@code device}, in the caller's scope. */
        Angles on(Device device) {
            return Device.of(cosine).equals(device)
                    ? this
                    : new Angles(device.take(cosine), device.take(sine), interleaved);
        }

        /** The rotations of some of the tokens. */
        Angles part(TokenPart part) {
            return new Angles(part.of(cosine), part.of(sine), interleaved);
        }

        private Tensor turned(Tensor states) {
            if (FusedRotation.takes(states)) {
                return FusedRotation.forward(states, Torch.like(cosine, states), Torch.like(sine, states), interleaved);
            }
            return states.mul(Torch.like(cosine, states)).addcmul(partners(states), Torch.like(sine, states));
        }

        private Tensor partners(Tensor states) {
            long half = states.size(2) / 2;
            if (!interleaved) {
                return states.roll(new long[] {half}, 2);
            }
            long[] pairs = {states.size(0), states.size(1), half, 2};
            return states.reshape(pairs).flip(3).reshape(pairs[0], pairs[1], 2 * half);
        }
    }

    /** The results belong to the caller's scope. */
    public Angles angles(TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            Tensor positions = batch.positionIds().to(torch.ScalarType.Float);
            if (!RopeScalings.dependsOnLength(parameters)) {
                return kept(scope, turns(positions, RopeScalings.rotation(parameters, 0)));
            }
            TensorVector cosines = new TensorVector();
            TensorVector sines = new TensorVector();
            long row = 0;
            for (int length : batch.segmentLengths()) {
                Tensor own = positions.narrow(0, row, length);
                long end = (long) own.select(0, length - 1L).item_double() + 1;
                Angles turns = turns(own, RopeScalings.rotation(parameters, end));
                cosines.push_back(turns.cosine());
                sines.push_back(turns.sine());
                row += length;
            }
            return kept(scope, new Angles(torch.cat(cosines, 0), torch.cat(sines, 0), interleaved));
        }
    }

    private static Angles kept(Scope scope, Angles angles) {
        return new Angles(scope.keep(angles.cosine()), scope.keep(angles.sine()), angles.interleaved());
    }

    private Angles turns(Tensor positions, Rotation rotation) {
        // Positions times frequencies in float32, as transformers does, so that long contexts agree with how models
        // were
        // trained.
        Tensor angles = torch.outer(positions, Device.of(positions).floats(rounded(rotation.inverseFrequencies())));
        Tensor cosine = angles.cos().mul(Torch.scalar(rotation.attentionFactor()));
        Tensor sine = angles.sin().mul(Torch.scalar(rotation.attentionFactor()));
        return new Angles(both(cosine, cosine), both(sine.neg(), sine), interleaved);
    }

    private static float[] rounded(double[] exact) {
        float[] rounded = new float[exact.length];
        for (int i = 0; i < exact.length; i++) {
            rounded[i] = (float) exact[i];
        }
        return rounded;
    }

    /** What the first and the second members of the pairs get, [tokens, dim / 2] each, in the order of a head. */
    private Tensor both(Tensor first, Tensor second) {
        Tensor ordered = interleaved
                ? torch.stack(new TensorVector(first, second), 2).flatten(1, 2)
                : torch.cat(new TensorVector(first, second), 1);
        return ordered.unsqueeze(1);
    }
}
