package io.apus.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionGroupsTest {
    private static final int HEADS = 4;
    private static final int WIDTH = 6;

    @Test
    void aGroupIsAShareOfItsSampleAndTheShiftedOnesBeginHalfAGroupOn() {
        AttentionGroups groups = new AttentionGroups(0.25);

        assertThat(groups.lengths(new int[] {16, 7, 1}, false)).containsExactly(4, 4, 4, 4, 2, 2, 2, 1, 1);
        assertThat(groups.lengths(new int[] {16, 7, 1}, true)).containsExactly(2, 4, 4, 4, 2, 1, 2, 2, 2, 1);
        assertThat(AttentionGroups.none().act()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyTokenSeesWhatComesBeforeItInItsGroup(int keyValueHeads) {
        int[] segments = {16, 7};
        AttentionGroups groups = new AttentionGroups(0.25);
        try (Scope scope = Scope.open()) {
            Torch.seed(5);
            Tensor query = torch.randn(23, HEADS, WIDTH);
            Tensor key = torch.randn(23, keyValueHeads, WIDTH);
            Tensor value = torch.randn(23, keyValueHeads, WIDTH);
            float[] got = Torch.toFloats(
                    new GroupedRuns(groups, segments, Device.CPU).attend(query, key, value, AttentionRule.of(0, 0.4)));
            float[] q = Torch.toFloats(query);
            float[] k = Torch.toFloats(key);
            float[] v = Torch.toFloats(value);
            for (int head = 0; head < HEADS; head++) {
                int[] group = groupOf(groups.lengths(segments, head >= HEADS / 2));
                int shared = head * keyValueHeads / HEADS;
                for (int t = 0; t < 23; t++) {
                    float[] wanted = attended(q, k, v, t, head, shared, keyValueHeads, group);
                    int at = (t * HEADS + head) * WIDTH;
                    assertThat(Arrays.copyOfRange(got, at, at + WIDTH)).containsExactly(wanted, Offset.offset(1e-5f));
                }
            }
        }
    }

    private static int[] groupOf(int[] lengths) {
        int[] group = new int[Arrays.stream(lengths).sum()];
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            Arrays.fill(group, at, at + lengths[i], i);
            at += lengths[i];
        }
        return group;
    }

    /** softmax over the earlier tokens of the same group, in double precision. */
    private static float[] attended(
            float[] q, float[] k, float[] v, int token, int head, int shared, int keyValueHeads, int[] group) {
        double[] sum = new double[WIDTH];
        double total = 0;
        for (int s = 0; s <= token; s++) {
            if (group[s] == group[token]) {
                double score = 0;
                for (int i = 0; i < WIDTH; i++) {
                    score += q[(token * HEADS + head) * WIDTH + i] * k[(s * keyValueHeads + shared) * WIDTH + i];
                }
                double weight = Math.exp(0.4 * score);
                total += weight;
                for (int i = 0; i < WIDTH; i++) {
                    sum[i] += weight * v[(s * keyValueHeads + shared) * WIDTH + i];
                }
            }
        }
        float[] result = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            result[i] = (float) (sum[i] / total);
        }
        return result;
    }
}
