package io.apus.train.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenPart;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Traffic;
import io.apus.train.parallel.ThreadRanks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that come by slice by slice give what all keys together give, and the same gradients. */
class RingAttentionTest {
    private static final int HEADS = 4;
    private static final int GROUPS = 2;
    /** Some pieces are cut once more, some are not. */
    private static final int TILE = 3;

    private static final int KEY_DIM = 6;
    private static final int VALUE_DIM = 5;
    private static final double SCALE = 0.7;
    /** Sums of up to 17 products in another order. */
    private static final Offset<Float> ROUNDING = Offset.offset(2e-6f);

    private static Tensor random(int seed, long... shape) {
        return Torch.zeros(shape).normal_(0, 1, new GeneratorOptional(torch.make_generator_cpu(seed)));
    }

    /** Query, key and value of all tokens, and a gradient of the result. */
    private static List<Tensor> states(int tokens) {
        return List.of(
                random(1, tokens, HEADS, KEY_DIM),
                random(2, tokens, GROUPS, KEY_DIM),
                random(3, tokens, GROUPS, VALUE_DIM),
                random(4, tokens, HEADS * VALUE_DIM));
    }

    /** Result and gradients of query, key and value, row by row. */
    private static List<float[]> whole(int[] segments, int window) {
        try (Scope scope = Scope.open()) {
            int tokens = IntStream.of(segments).sum();
            List<Tensor> states = states(tokens);
            List<Tensor> inputs = states.subList(0, 3);
            inputs.forEach(input -> input.requires_grad_(true));
            Tensor result = PassContext.training(List.of(), TokenBatch.of(new long[tokens], segments))
                    .attend(0, inputs.get(0), inputs.get(1), inputs.get(2), AttentionRule.of(window, SCALE));
            return backward(result, states.get(3), inputs);
        }
    }

    private static List<float[]> backward(Tensor result, Tensor gradient, List<Tensor> inputs) {
        result.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
        List<float[]> all = new ArrayList<>();
        all.add(Torch.toFloats(result.detach()));
        inputs.forEach(input -> all.add(Torch.toFloats(input.grad())));
        return all;
    }

    /** What one rank computed, and the bytes it sent. */
    private record Outcome(List<float[]> values, long sent) {}

    private static List<Outcome> ring(int ranks, int[] segments, int window, torch.ScalarType type) throws Exception {
        return ThreadRanks.run(ranks, world -> {
            int tokens = IntStream.of(segments).sum();
            RingRows rows = new RingRows(segments, new Slices(tokens, ranks, 1), TILE);
            TokenPart part = rows.of(world.rank());
            List<Tensor> own = states(tokens).stream()
                    .map(all -> part.of(all).to(type).clone())
                    .toList();
            List<Tensor> inputs = own.subList(0, 3);
            inputs.forEach(input -> input.requires_grad_(true));
            try (RingAttention ring = new RingAttention(world)) {
                Tensor result;
                try (Scope scope = Scope.open()) {
                    result = scope.keep(ring.attend(
                            rows, AttentionRule.of(window, SCALE), inputs.get(0), inputs.get(1), inputs.get(2)));
                }
                List<float[]> values = backward(result, own.get(3), inputs);
                return new Outcome(values, world.traffic().bytes(Traffic.Kind.SEND));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"2, 17, 0", "3, 5-9-3, 0", "3, 2-2-13, 4", "4, 17, 3"})
    void slicesOfKeysAddUpToAll(int ranks, String lengths, int window) throws Exception {
        int[] segments =
                Stream.of(lengths.split("-")).mapToInt(Integer::parseInt).toArray();
        List<float[]> expected = whole(segments, window);
        long natives = Scope.liveNatives();

        List<Outcome> outcomes = ring(ranks, segments, window, torch.ScalarType.Float);

        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(natives);
        assertClose(outcomes, expected, ROUNDING);
        long slice = 17L * GROUPS * (KEY_DIM + VALUE_DIM) * Float.BYTES;
        long sent = outcomes.stream().mapToLong(Outcome::sent).sum();
        // Of n ranks, keys and values make n - 1 hops on either way, and their gradients n, which brings them home.
        assertThat(sent).isEqualTo(slice * (2 * (ranks - 1) + ranks));
    }

    /** States and results have eight bits of precision, and values up to 4. */
    @Test
    void halfPrecisionStaysWithinItsRounding() throws Exception {
        int[] segments = {17};
        List<Outcome> outcomes = ring(2, segments, 0, torch.ScalarType.BFloat16);
        assertClose(outcomes, whole(segments, 0), Offset.offset(0.05f));
    }

    private static void assertClose(List<Outcome> outcomes, List<float[]> expected, Offset<Float> tolerance) {
        int ranks = outcomes.size();
        for (int what = 0; what < expected.size(); what++) {
            float[] all = expected.get(what);
            int width = all.length / 17;
            int seen = 0;
            for (int rank = 0; rank < ranks; rank++) {
                float[] own = outcomes.get(rank).values().get(what);
                int row = 0;
                for (TokenPart.Run run : new Slices(17, ranks, 1).of(rank).runs()) {
                    for (int i = 0; i < run.count() * width; i++, seen++) {
                        assertThat(own[row * width + i]).isCloseTo(all[run.from() * width + i], tolerance);
                    }
                    row += run.count();
                }
            }
            assertThat(seen).isEqualTo(all.length);
        }
    }
}
