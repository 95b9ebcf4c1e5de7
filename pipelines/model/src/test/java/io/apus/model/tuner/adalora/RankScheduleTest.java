package io.apus.model.tuner.adalora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class RankScheduleTest {
    /** Peft's budgets for init_r 12, target_r 8, tinit 2, tfinal 3 and 14 updates: int(56 (1 - (step - 2) / 15)^3 + 112). */
    @Test
    void theBudgetFallsAlongACubic() {
        RankSchedule schedule = new RankSchedule(12, 8, 2, 3, 2);

        assertThat(IntStream.of(3, 4, 9, 16, 17).mapToLong(step -> schedule.budget(step, 20, 14)))
                .containsExactly(157L, 148L, 120L, 112L, 112L);
        assertThat(IntStream.rangeClosed(1, 20).filter(step -> schedule.allocates(step, 20)))
                .containsExactly(4, 6, 8, 10, 12, 14, 16, 17);
        assertThat(IntStream.rangeClosed(1, 20).filter(step -> schedule.settled(step, 20)))
                .containsExactly(18, 19, 20);
    }

    @Test
    void aScheduleLongerThanTheRunIsRefused() {
        assertThatThrownBy(() -> new RankSchedule(12, 8, 5, 5, 1).check(10))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("leave none of the 10 steps");
    }

    @Test
    void theGradientOfOrthogonalityIsAutogradsOwn() {
        try (Scope scope = Scope.open()) {
            Torch.seed(4);
            Tensor rows = torch.randn(3, 5).requires_grad_(true);
            rows.mm(rows.t())
                    .sub(torch.eye(3))
                    .norm()
                    .backward(new Tensor(), new BoolOptional(), false, new TensorArrayRefOptional());
            assertThat(Torch.toFloats(Orthogonality.gradient(rows.detach())))
                    .containsExactly(Torch.toFloats(new Tensor(rows.grad())), Offset.offset(1e-5f));
            assertThat(Torch.toFloats(Orthogonality.gradient(torch.eye(3)))).containsOnly(0);
        }
    }
}
