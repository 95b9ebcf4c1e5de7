package io.apus.train.parallel.context;

import io.apus.model.layer.TokenPart;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Which tokens of a batch each place of a ring has, and which of them see which.
 *
 * @param segmentLengths tokens of each segment
 * @param tile the most tokens whose scores are computed at a time
 */
@SuppressWarnings("ArrayRecordComponent") // lengths as the model gives them, compared by nobody
record RingRows(int[] segmentLengths, Slices slices, int tile) {
    /** A processor is fastest where scores stay in its cache; a card waits for kernels to start where tiles are many. */
    static int tile(Device device) {
        return device.isCuda() ? 2048 : 256;
    }

    /**
     * Neighbouring tokens of a place.
     *
     * @param row of the first of them among the place's tokens
     */
    record Tile(int row, TokenPart.Run tokens) {
        int count() {
            return tokens.count();
        }
    }

    /** Which of some keys some queries see. */
    enum Sight {
        NONE,
        SOME,
        ALL
    }

    TokenPart of(int place) {
        return slices.of(place);
    }

    /** The tokens of a place, cut where they are not neighbours, in order. */
    List<Tile> tiles(int place) {
        List<Tile> tiles = new ArrayList<>();
        int row = 0;
        for (TokenPart.Run run : of(place).runs()) {
            for (int from = run.from(); from < run.to(); from += tile) {
                TokenPart.Run tokens = new TokenPart.Run(from, Math.min(from + tile, run.to()));
                tiles.add(new Tile(row, tokens));
                row += tokens.count();
            }
        }
        return tiles;
    }

    /** Queries see the keys of their segment that are not behind them, at most {@code window} - 1 tokens before them unless that is 0. */
    Sight sight(TokenPart.Run queries, TokenPart.Run keys, int window) {
        int farthest = queries.to() - 1 - keys.from();
        int nearest = queries.from() - (keys.to() - 1);
        if (farthest < 0 || (window > 0 && nearest >= window) || segment(keys.to() - 1) < segment(queries.from())) {
            return Sight.NONE;
        }
        boolean all =
                nearest >= 0 && (window == 0 || farthest < window) && segment(keys.from()) == segment(queries.to() - 1);
        return all ? Sight.ALL : Sight.SOME;
    }

    private int segment(int token) {
        int segment = 0;
        for (int end = segmentLengths[0]; end <= token; end += segmentLengths[segment]) {
            segment++;
        }
        return segment;
    }

    /** [queries, keys]: true where a query does not see a key. */
    Tensor hidden(TokenPart.Run queries, TokenPart.Run keys, int window) {
        Tensor distance = positions(queries).unsqueeze(1).sub(positions(keys).unsqueeze(0));
        Tensor hidden =
                segments(queries).unsqueeze(1).ne(segments(keys).unsqueeze(0)).logical_or(distance.lt(Torch.scalar(0)));
        return window > 0 ? hidden.logical_or(distance.ge(Torch.scalar(window))) : hidden;
    }

    private static Tensor positions(TokenPart.Run run) {
        long[] positions = new long[run.count()];
        Arrays.setAll(positions, i -> run.from() + i);
        return Device.CPU.longs(positions);
    }

    private Tensor segments(TokenPart.Run run) {
        long[] segments = new long[run.count()];
        int segment = segment(run.from());
        long end = Arrays.stream(segmentLengths).limit(segment + 1L).sum();
        for (int i = 0; i < segments.length; i++) {
            while (run.from() + i >= end) {
                end += segmentLengths[++segment];
            }
            segments[i] = segment;
        }
        return Device.CPU.longs(segments);
    }
}
