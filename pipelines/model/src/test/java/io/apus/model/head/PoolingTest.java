package io.apus.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.layer.TokenBatch;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PoolingTest {
    private static final int PAD = 9;

    /** Samples of 3, 1 and 4 tokens; the first and the last end in padding. */
    private static TokenBatch batch() {
        return TokenBatch.of(new long[] {4, 5, PAD, PAD, 4, 6, PAD, PAD}, 3, 1, 4);
    }

    private static Tensor hidden() {
        float[] values = new float[16];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * i - 3f * i;
        }
        return Torch.floats(values).view(8, 2);
    }

    @Test
    void picksTheTokensThatTransformersAndSentenceTransformersPick() {
        try (Scope scope = Scope.open()) {
            assertThat(rows(Pooling.of("lasttoken"))).containsExactly(row(2, 3, 7));
            assertThat(rows(Pooling.of("cls_token"))).containsExactly(row(0, 3, 4));
            assertThat(rows(Pooling.lastExcept(PAD))).containsExactly(row(1, 3, 5));
            assertThat(rows(Pooling.every())).containsExactly(Torch.toFloats(hidden()));
            float[] mean = rows(Pooling.of("mean_tokens"));
            float[] all = Torch.toFloats(hidden());
            assertThat(mean[0]).isEqualTo((all[0] + all[2] + all[4]) / 3);
            assertThat(mean[3]).isEqualTo(all[7]);
            assertThat(mean[5]).isEqualTo((all[9] + all[11] + all[13] + all[15]) / 4);
        }
    }

    private static float[] rows(Pooling pooling) {
        return Torch.toFloats(pooling.pool(hidden(), batch()));
    }

    private static float[] row(int... tokens) {
        float[] all = Torch.toFloats(hidden());
        float[] rows = new float[2 * tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            rows[2 * i] = all[2 * tokens[i]];
            rows[2 * i + 1] = all[2 * tokens[i] + 1];
        }
        return rows;
    }

    @Test
    void gradientsGoBackByTheTranspose() {
        long baseline = Scope.liveNatives();
        for (Pooling pooling : List.of(
                Pooling.of("lasttoken"),
                Pooling.of("mean_tokens"),
                Pooling.of("cls_token"),
                Pooling.lastExcept(PAD),
                Pooling.every())) {
            try (Scope scope = Scope.open()) {
                Tensor rows = pooling.pool(hidden(), batch());
                Tensor gradient = rows.mul(Torch.scalar(0.5)).add(Torch.scalar(1));
                double forward = rows.mul(gradient).sum().item_double();
                double back =
                        hidden().mul(pooling.spread(gradient, batch())).sum().item_double();
                assertThat(back).isCloseTo(forward, Offset.offset(1e-2));
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> Pooling.of("last"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"lasttoken\"?");
    }
}
