package io.apus.train.parallel.context;

import io.apus.model.layer.TokenShare;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Which tokens of a batch each rank of a ring has.
 *
 * @param segmentLengths tokens of each segment
 * @param neighbours slices that a rank of the ring has
 */
@SuppressWarnings("ArrayRecordComponent") // lengths as the model gives them, compared by nobody
record RingRows(int[] segmentLengths, Slices slices, int neighbours) {
    TokenShare.Range of(int place) {
        return slices.of(place * neighbours, neighbours);
    }

    /** Whether any query at {@code own} sees a key at {@code other}. */
    boolean seen(int own, int other) {
        TokenShare.Range queries = of(own);
        TokenShare.Range keys = of(other);
        return other == own || (other < own && segment(keys.to() - 1) == segment(queries.from()));
    }

    private int segment(int token) {
        int segment = 0;
        for (int end = segmentLengths[0]; end <= token; end += segmentLengths[segment]) {
            segment++;
        }
        return segment;
    }

    /** [own tokens, other tokens]: true where a query sees a key, at most {@code window} - 1 tokens before it unless that is 0. */
    Tensor mask(int own, int other, int window) {
        TokenShare.Range queries = of(own);
        TokenShare.Range keys = of(other);
        Tensor distance = positions(queries).unsqueeze(1).sub(positions(keys).unsqueeze(0));
        Tensor seen = segments(queries)
                .unsqueeze(1)
                .eq(segments(keys).unsqueeze(0))
                .logical_and(distance.ge(Torch.scalar(0)));
        return window > 0 ? seen.logical_and(distance.lt(Torch.scalar(window))) : seen;
    }

    private static Tensor positions(TokenShare.Range range) {
        long[] positions = new long[range.count()];
        Arrays.setAll(positions, i -> range.from() + i);
        return Device.CPU.longs(positions);
    }

    private Tensor segments(TokenShare.Range range) {
        long[] segments = new long[range.count()];
        int segment = segment(range.from());
        long end = Arrays.stream(segmentLengths).limit(segment + 1L).sum();
        for (int i = 0; i < segments.length; i++) {
            while (range.from() + i >= end) {
                end += segmentLengths[++segment];
            }
            segments[i] = segment;
        }
        return Device.CPU.longs(segments);
    }
}
