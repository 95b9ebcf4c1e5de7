package io.apus.train.optimize.rule;

import io.apus.schemas.spec.GaloreSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Torch;
import java.util.SortedMap;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A projection in few bits with a scale and a zero point a group, as Q-GaLore's projector keeps it (q_galore_projector.py): a byte a
 * number whatever the bits. The last group is filled up with zeros.
 */
final class QuantisedMatrix implements StoredMatrix {
    private static final double SMALLEST_RANGE = 1e-5;

    private final String side;
    private final long rows;
    private final long columns;
    private final long group;
    private final int largest;
    private final Tensor codes;
    private final Tensor scales;
    private final Tensor zeros;

    QuantisedMatrix(String side, GaloreSpec galore, long rows, long columns, Memory memory) {
        this.side = side;
        this.rows = rows;
        this.columns = columns;
        this.group = galore.galoreProjGroupSize();
        this.largest = (1 << galore.galoreProjBits()) - 1;
        long groups = (rows * columns + group - 1) / group;
        this.codes = memory.zeros(DType.U8, groups, group);
        this.scales = memory.floats(groups, 1);
        this.zeros = memory.floats(groups, 1);
    }

    @Override
    public Tensor read() {
        Tensor values = codes.to(torch.ScalarType.Float).sub_(zeros).mul_(scales);
        return values.flatten().narrow(0, 0, rows * columns).view(rows, columns);
    }

    @Override
    public void write(Tensor values) {
        long count = rows * columns;
        Tensor flat = values.contiguous().flatten();
        Tensor grouped = torch.constant_pad_nd(flat, 0, codes.numel() - count).view(-1, group);
        Tensor least = grouped.amin(new long[] {1}, true);
        Tensor range = grouped.amax(new long[] {1}, true).sub_(least);
        scales.copy_(range.clamp_min_(Torch.scalar(SMALLEST_RANGE)).div_(Torch.scalar(largest)));
        zeros.copy_(limited(least.div(scales).round_().neg_()));
        codes.copy_(limited(grouped.div(scales).round_().add_(zeros)));
    }

    private Tensor limited(Tensor values) {
        return values.clamp_(new ScalarOptional(Torch.scalar(0)), new ScalarOptional(Torch.scalar(largest)));
    }

    @Override
    public void describe(SortedMap<String, Tensor> state) {
        state.put(side, codes);
        state.put(side + "_scales", scales);
        state.put(side + "_zeros", zeros);
    }
}
