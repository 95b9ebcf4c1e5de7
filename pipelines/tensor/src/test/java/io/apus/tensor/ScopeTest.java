package io.apus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void everythingMadeInsideIsFreedAtClose() {
        Torch.zeros(1).close();
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open()) {
            Torch.zeros(4).add(Torch.floats(1, 2, 3, 4));
            assertThat(Scope.liveNatives()).isGreaterThan(baseline);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void aKeptTensorMovesToTheScopeAround() {
        long baseline = Scope.liveNatives();
        try (Scope outer = Scope.open()) {
            Tensor kept;
            try (Scope inner = Scope.open()) {
                kept = inner.keep(Torch.floats(1, 2).add(Torch.floats(1, 1)));
            }
            assertThat(Torch.toFloats(kept)).containsExactly(2, 3);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void withoutAScopeAroundTheCallerReleasesWhatWasKept() {
        long baseline = Scope.liveNatives();
        Tensor kept;
        try (Scope scope = Scope.open()) {
            kept = scope.keep(Torch.floats(5));
        }
        assertThat(Torch.toFloats(kept)).containsExactly(5);
        Scope.release(kept);
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void anOwnedTensorOutlivesEveryScopeUntilReleased() {
        long baseline = Scope.liveNatives();
        Tensor owned;
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                owned = Scope.own(Torch.floats(7));
            }
        }
        assertThat(Torch.toFloats(owned)).containsExactly(7);
        Scope.release(owned);
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void noGradRestoresTheModeItFound() {
        try (Scope scope = Scope.open()) {
            Tensor leaf = Torch.floats(2).requires_grad_(true);
            try (NoGrad guard = Torch.noGrad()) {
                assertThat(leaf.mul(leaf).requires_grad()).isFalse();
            }
            assertThat(leaf.mul(leaf).requires_grad()).isTrue();
        }
    }
}
