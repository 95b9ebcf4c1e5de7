package io.apus.bench.model;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Kernels;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Attention of a packed row beside the samples one by one, and beside one call with a mask of tokens times tokens. */
public final class AttentionSpeed implements AutoCloseable {
    private static final int HEADS = 14;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int HEAD_DIM = 64;
    private static final double SCALE = 1 / Math.sqrt(HEAD_DIM);

    /** Query, key and value, [tokens, heads, headDim]. */
    private record Row(Tensor query, Tensor key, Tensor value) {
        static Row random(long tokens) {
            try (Scope scope = Scope.open()) {
                return new Row(random(tokens, HEADS), random(tokens, KEY_VALUE_HEADS), random(tokens, KEY_VALUE_HEADS));
            }
        }

        private static Tensor random(long tokens, long heads) {
            return Scope.own(Torch.zeros(tokens, heads, HEAD_DIM).normal_());
        }

        /** Samples in a row of their own, ready for the kernel: [1, heads, tokens, headDim]. */
        Tensor attend(Tensor maskOrNull) {
            return Kernels.attention(
                    batched(query), batched(key), batched(value), maskOrNull, maskOrNull == null, SCALE);
        }

        private static Tensor batched(Tensor rows) {
            return rows.unsqueeze(0).transpose(1, 2);
        }

        void release() {
            List.of(query, key, value).forEach(Scope::release);
        }
    }

    private final int[] segments;
    private final Row packed;
    private final List<Row> alone = new ArrayList<>();

    private AttentionSpeed(int tokens) {
        segments = segments(tokens);
        packed = Row.random(tokens);
        Arrays.stream(segments).forEach(length -> alone.add(Row.random(length)));
    }

    /** Samples of 32 to 511 tokens; the last one fills the row. */
    private static int[] segments(int tokens) {
        SplittableRandom random = new SplittableRandom(tokens);
        List<Integer> lengths = new ArrayList<>();
        for (int left = tokens; left > 0; left -= lengths.get(lengths.size() - 1)) {
            lengths.add(Math.min(left, random.nextInt(32, 512)));
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The forward pass of one layer's attention. */
    public static Table measure(List<Integer> rows, int rounds) throws IOException {
        Table table = new Table(
                "Attention in packed rows: " + HEADS + " heads of " + HEAD_DIM + ", " + KEY_VALUE_HEADS
                        + " key-value heads, forward",
                "tokens",
                "samples",
                "way",
                "ms",
                "times the samples alone");
        for (int tokens : rows) {
            try (AttentionSpeed speed = new AttentionSpeed(tokens)) {
                List<Timing> timings = Interleaved.run(
                        2,
                        rounds,
                        List.of(
                                new Contender("samples alone", speed::alone),
                                new Contender("packed row", speed::packed),
                                new Contender("mask of tokens squared", speed::masked)));
                for (Timing timing : timings) {
                    table.row(
                            tokens,
                            speed.segments.length,
                            timing.name(),
                            timing.median() * 1e3,
                            timing.timesAsLongAs(timings.get(0)));
                }
            }
        }
        return table;
    }

    private double alone() {
        double sum = 0;
        for (Row row : alone) {
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                sum += row.attend(null).numel();
            }
        }
        return sum;
    }

    private double packed() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            TokenBatch batch = TokenBatch.of(new long[Arrays.stream(segments).sum()], segments);
            PassContext pass = PassContext.inference(List.of(), batch, null);
            return pass.attend(0, packed.query(), packed.key(), packed.value(), AttentionRule.of(0, SCALE))
                    .numel();
        }
    }

    private double masked() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            long tokens = packed.query().size(0);
            Tensor mask = torch.zeros(new long[] {tokens, tokens}).to(torch.ScalarType.Bool);
            long start = 0;
            for (int length : segments) {
                mask.narrow(0, start, length)
                        .narrow(1, start, length)
                        .copy_(torch.ones(new long[] {length, length}).tril());
                start += length;
            }
            return packed.attend(mask).numel();
        }
    }

    @Override
    public void close() {
        packed.release();
        alone.forEach(Row::release);
    }
}
