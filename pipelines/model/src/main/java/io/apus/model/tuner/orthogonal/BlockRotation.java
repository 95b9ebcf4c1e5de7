package io.apus.model.tuner.orthogonal;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Small orthogonal matrices along the diagonal of a large one that is never made. */
final class BlockRotation {
    private BlockRotation() {}

    /** Cayley's transform of skew-symmetric Q [blocks, size, size]: (I - Q)(I + Q)^-1, which is orthogonal. */
    static Tensor cayley(Tensor skew) {
        Tensor identity = identity(skew).expand_as(skew);
        return torch.linalg_solve(identity.add(skew), identity.sub(skew), false);
    }

    /** The first {@code terms} terms of (I + Q)(I - Q)^-1 as a Neumann series: I + 2Q + 2Q^2 + ... */
    static Tensor cayleyNeumann(Tensor skew, int terms) {
        Tensor sum = identity(skew).expand_as(skew);
        Tensor power = skew;
        for (int i = 1; i < terms; i++) {
            sum = sum.add(power.mul(Torch.scalar(2)));
            if (i + 1 < terms) {
                power = power.bmm(skew);
            }
        }
        return sum;
    }

    /** The identity of the size of each of [blocks, size, size]. */
    private static Tensor identity(Tensor blocks) {
        return Device.of(blocks).identity(DType.of(blocks), blocks.size(1));
    }

    /** Multiplies each block of the columns of [rows, blocks * size] with its matrix from the right; one matrix serves all blocks. */
    static Tensor rotate(Tensor rows, Tensor blocks) {
        long size = blocks.size(1);
        if (blocks.size(0) == 1) {
            return rows.reshape(-1, size).mm(blocks.select(0, 0)).view(rows.size(0), rows.size(1));
        }
        Tensor parts = rows.reshape(rows.size(0), -1, size).transpose(0, 1);
        return parts.bmm(blocks).transpose(0, 1).reshape(rows.size(0), rows.size(1));
    }

    /** Puts the identity in the place of a random share of the blocks. */
    static Tensor drop(Tensor blocks, double share) {
        long count = blocks.size(0);
        long dropped = (long) (share * count);
        if (dropped == 0 || count == 1) {
            return blocks;
        }
        Tensor mask = Device.of(blocks)
                .take(torch.randperm(count))
                .lt(Torch.scalar((double) dropped))
                .view(count, 1, 1);
        return torch.where(mask, identity(blocks), blocks);
    }
}
