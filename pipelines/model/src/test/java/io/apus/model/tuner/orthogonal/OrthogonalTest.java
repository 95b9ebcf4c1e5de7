package io.apus.model.tuner.orthogonal;

import static io.apus.model.tuner.SmallLinears.IN;
import static io.apus.model.tuner.SmallLinears.disturbed;
import static io.apus.model.tuner.SmallLinears.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.layer.Linear;
import io.apus.model.tuner.SmallLinears;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OFT and BOFT against their definitions. Tolerance 3e-5: chains of sums of at most 24 products of order one. */
class OrthogonalTest {
    private static final Offset<Float> CLOSE = Offset.offset(3e-5f);

    @Test
    void cayleyGivesOrthogonalBlocksAndTheSeriesNearsIt() {
        try (Scope scope = Scope.open()) {
            Torch.seed(8);
            Tensor values = torch.randn(3, 6, 6).mul(Torch.scalar(0.05));
            Tensor skew = values.sub(values.transpose(1, 2));
            Tensor turns = BlockRotation.cayley(skew);
            Tensor unit = turns.bmm(turns.transpose(1, 2));
            assertThat(Torch.toFloats(unit))
                    .containsExactly(Torch.toFloats(torch.eye(6).expand_as(unit)), CLOSE);
            // PEFT's series turns the other way round: (I + Q)(I - Q)^-1
            Tensor series = BlockRotation.cayleyNeumann(skew, 30);
            assertThat(Torch.toFloats(series)).containsExactly(Torch.toFloats(turns.transpose(1, 2)), CLOSE);
        }
    }

    @Test
    void theSeriesHasAsManyTermsAsAskedFor() {
        try (Scope scope = Scope.open()) {
            Tensor skew = Torch.floats(0, 0.5f, -0.5f, 0).view(1, 2, 2);
            assertThat(Torch.toFloats(BlockRotation.cayleyNeumann(skew, 1))).containsExactly(1, 0, 0, 1);
            assertThat(Torch.toFloats(BlockRotation.cayleyNeumann(skew, 2))).containsExactly(1, 1, -1, 1);
            assertThat(Torch.toFloats(BlockRotation.cayleyNeumann(skew, 3))).containsExactly(0.5f, 1, -1, 0.5f);
        }
    }

    @ParameterizedTest
    @CsvSource({"6,0,false,0", "0,3,false,5", "4,0,true,0", "24,0,false,0", "5,0,false,3"})
    void turnsMerge(int size, int blocks, boolean shared, int neumann) {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            OftSettings settings = new OftSettings(blocks, size, 0, false, 0, shared, neumann);
            assertThat(SmallLinears.mergingError(disturbed(OftProjection.around("m", base, settings))))
                    .isLessThan(3e-5);
        }
    }

    @Test
    void constrainedBlocksStayNear() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            OftSettings settings = new OftSettings(0, 6, 0, true, 0.02, false, 0);
            OftProjection oft = disturbed(OftProjection.around("m", base, settings));
            oft.forward(input(), true);
            Tensor angles = oft.added().get(0).tensor();
            for (int block = 0; block < 4; block++) {
                double norm = Math.sqrt(2) * angles.select(0, block).norm().item_double();
                assertThat(norm).isCloseTo(0.02 / Math.sqrt(4), Offset.offset(1e-6));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64,32,32", "24,32,24", "24,7,6", "24,10,8", "24,5,4", "17,4,1"})
    void oftTakesTheNearestDivisor(long inFeatures, int wanted, long size) {
        assertThat(new OftSettings(0, wanted, 0, false, 0, false, 5).sizeFor(inFeatures))
                .isEqualTo(size);
    }

    @Test
    void droppedBlocksDoNotTurn() {
        try (Scope scope = Scope.open()) {
            Torch.seed(9);
            Tensor blocks = torch.randn(4, 3, 3);
            Tensor kept = BlockRotation.drop(blocks, 0.5);
            assertThat(kept.eq(blocks).all(1).all(1).sum().item_long()).isEqualTo(2);
            assertThat(kept.eq(torch.eye(3)).all(1).all(1).sum().item_long()).isEqualTo(2);
        }
    }

    @Test
    void butterfliesThatDoNotFitAreRefused() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            assertThatThrownBy(() -> BoftProjection.around("m", base, new BoftSettings(7, 0, 1, 0)))
                    .hasMessageContaining("no multiple of boft_block_size 7");
            assertThatThrownBy(() -> BoftProjection.around("m", base, new BoftSettings(8, 0, 2, 0)))
                    .hasMessageContaining("3 blocks of 8 inputs make no butterfly");
        }
    }

    @Test
    void butterfliesShuffleHalfBlocks() {
        Butterfly butterfly = new Butterfly(16, 4, 4, 2);
        assertThat(butterfly.shuffle(0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(butterfly.shuffle(1)).containsExactly(0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15);
    }

    @Test
    void aButterflyIsTheProductOfShuffledBlockDiagonals() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            BoftProjection boft = disturbed(BoftProjection.around("m", base, new BoftSettings(6, 0, 3, 0)));
            Tensor rotation = torch.eye(IN);
            for (int factor = 0; factor < 3; factor++) {
                Tensor shuffle = torch.eye(IN)
                        .index_select(0, Torch.longs(boft.butterfly().shuffle(factor)));
                rotation = shuffle.mm(dense(boft, factor)).mm(shuffle.t()).mm(rotation);
            }
            Tensor weight =
                    base.weight().tensor().mm(rotation.t()).mul(boft.scales().tensor());
            Tensor wanted =
                    torch.linear(input(), weight).add(base.bias().orElseThrow().tensor());
            assertThat(Torch.toFloats(boft.forward(input(), false))).containsExactly(Torch.toFloats(wanted), CLOSE);
            assertThat(SmallLinears.mergingError(boft)).isLessThan(3e-5);
        }
    }

    private static Tensor dense(BoftProjection boft, int factor) {
        Tensor values = boft.blocks().tensor().select(0, factor);
        Tensor turns = BlockRotation.cayley(values.sub(values.transpose(1, 2)).mul(Torch.scalar(0.5)));
        Tensor dense = Torch.zeros(IN, IN);
        for (long block = 0; block < 4; block++) {
            dense.narrow(0, block * 6, 6).narrow(1, block * 6, 6).copy_(turns.select(0, block));
        }
        return dense;
    }
}
