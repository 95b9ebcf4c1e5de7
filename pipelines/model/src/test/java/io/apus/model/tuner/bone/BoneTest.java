package io.apus.model.tuner.bone;

import static io.apus.model.tuner.SmallLinears.IN;
import static io.apus.model.tuner.SmallLinears.OUT;
import static io.apus.model.tuner.SmallLinears.TOKENS;
import static io.apus.model.tuner.SmallLinears.disturbed;
import static io.apus.model.tuner.SmallLinears.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.SmallLinears;
import io.apus.model.tuner.method.InitialValues;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The block methods against their definitions. Tolerance 1e-5: sums of at most 24 products of order one. */
class BoneTest {
    private static final Offset<Float> CLOSE = Offset.offset(1e-5f);

    @ParameterizedTest
    @CsvSource({"5,16", "4,16", "4,8", "3,2"})
    void sumsOfShardsAreMapped(int rank, int columns) {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            BoneProjection bone = disturbed(BoneProjection.around(base, block(rank, columns), 0));
            float[] values = Torch.toFloats(bone.block().tensor());
            float[] input = Torch.toFloats(input());
            float[] wanted = new float[TOKENS * OUT];
            for (int token = 0; token < TOKENS; token++) {
                for (int in = 0; in < IN; in++) {
                    for (int out = 0; out < OUT; out++) {
                        wanted[token * OUT + out] +=
                                input[token * IN + in] * values[(in % rank) * columns + out % columns];
                    }
                }
            }
            assertThat(Torch.toFloats(bone.apply(input(), true))).containsExactly(wanted, CLOSE);
            assertThat(SmallLinears.mergingError(bone)).isLessThan(1e-5);
        }
    }

    private static Parameter block(int rank, int columns) {
        return InitialValues.constant("m.miss_block", 0, rank, columns);
    }

    @Test
    void batAddsEachBlocksProduct() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            BatProjection bat = disturbed(BatProjection.around("m.bone_block", base, 4));
            float[] blocks = Torch.toFloats(bat.blocks().tensor());
            float[] weight = Torch.toFloats(base.weight().tensor());
            float[] wanted = new float[OUT * IN];
            for (int out = 0; out < OUT; out++) {
                for (int in = 0; in < IN; in++) {
                    int own = (out / 4) * 16;
                    float sum = blocks[own + (out % 4) * 4 + in % 4];
                    for (int k = 0; k < 4; k++) {
                        sum += weight[out * IN + in - in % 4 + k] * blocks[own + k * 4 + in % 4];
                    }
                    wanted[out * IN + in] = sum;
                }
            }
            assertThat(Torch.toFloats(bat.delta())).containsExactly(wanted, CLOSE);
            assertThat(SmallLinears.mergingError(bat)).isLessThan(1e-5);
        }
    }

    @Test
    void blocksThatDoNotFitAreRefused() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            assertThatThrownBy(() -> BatProjection.around("m.bone_block", base, 6))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("16 x 24 weights do not divide into blocks of 6");
            assertThatThrownBy(() -> BoneProjection.around(base, block(4, 3), 0))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("no multiple of mini_r 3");
        }
    }
}
