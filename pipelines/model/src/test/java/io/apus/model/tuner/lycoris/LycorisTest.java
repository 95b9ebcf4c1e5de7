package io.apus.model.tuner.lycoris;

import static io.apus.model.tuner.SmallLinears.OUT;
import static io.apus.model.tuner.SmallLinears.disturbed;
import static io.apus.model.tuner.SmallLinears.generator;
import static io.apus.model.tuner.SmallLinears.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.SmallLinears;
import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LycorisTest {
    @ParameterizedTest
    @CsvSource({"256,-1,16", "128,-1,8", "127,-1,1", "128,4,4", "12,5,3", "96,-1,8", "100,7,5"})
    void kroneckerSizesAreLycoris(long dimension, int factor, long left) {
        assertThat(KroneckerShape.left(dimension, factor)).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({
        "8,false,-1,lokr_w1 lokr_w2",
        "2,false,-1,lokr_w1 lokr_w2_a lokr_w2_b",
        "2,true,8,lokr_w1_a lokr_w1_b lokr_w2",
        "1,true,-1,lokr_w1_a lokr_w1_b lokr_w2_a lokr_w2_b"
    })
    void kroneckerFactorsAreSplitWhereThatSaves(int rank, boolean both, int factor, String names) {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            LokrSettings settings = new LokrSettings(new LycorisSettings(rank, 4, 0, 0), both, factor, false);
            LokrProjection lokr = disturbed(LokrProjection.around("m", base, settings, generator()));
            assertThat(lokr.added().stream().map(Parameter::name).map(name -> name.substring(2)))
                    .containsExactly(names.split(" "));
            assertThat(SmallLinears.mergingError(lokr)).isLessThan(1e-5);
        }
    }

    @Test
    void droppedOutputsAndModulesAddNothing() {
        try (Scope scope = Scope.open();
                Linear base = SmallLinears.base()) {
            Tensor plain = base.forward(input(), true);
            AdaptedProjection rows = around(base, new LycorisSettings(2, 4, 0.5, 0));
            Tensor change = rows.forward(input(), true).sub(plain).abs().sum(0);
            assertThat(change.eq(Torch.scalar(0)).sum().item_long()).isBetween(1L, OUT - 1L);
            AdaptedProjection module = around(base, new LycorisSettings(2, 4, 0, 1));
            assertThat(Torch.toFloats(module.forward(input(), true))).isEqualTo(Torch.toFloats(plain));
            assertThat(Torch.toFloats(module.forward(input(), false))).isNotEqualTo(Torch.toFloats(plain));
        }
    }

    private static AdaptedProjection around(Linear base, LycorisSettings settings) {
        return disturbed(LohaProjection.around("m", base, settings, generator()));
    }
}
