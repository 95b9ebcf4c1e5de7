package io.apus.train.checkpoint;

import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * A piece of a tensor and the memory of this rank that it lies in, on any device. Whoever made the tensor owns it and keeps it alive for as
 * long as the state that lists it is in use.
 *
 * @param tensor of {@link Piece#heldShape}; a checkpoint reads and overwrites this very tensor
 */
public record HeldPiece(Piece piece, Tensor tensor) {
    public HeldPiece {
        if (!Arrays.equals(Torch.shape(tensor), piece.heldShape())) {
            throw new IllegalArgumentException(
                    piece + " does not lie in a tensor of shape " + Arrays.toString(Torch.shape(tensor)));
        }
    }

    /** A tensor that this rank holds as a whole. */
    public static HeldPiece whole(String name, Tensor tensor) {
        return new HeldPiece(Piece.whole(name, Torch.shape(tensor)), tensor);
    }

    long bytes() {
        return Torch.bytes(tensor);
    }
}
