package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.quant.format.FourBitType;
import io.apus.model.quant.format.FourBitWeight;
import io.apus.tensor.DType;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class QuantisedLinearTest {
    @Test
    void computesAsAPlainLinearWithTheDequantisedWeight() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                QuantisedLinear quantised = linear(true)) {
            Linear plain = new Linear(
                    new Parameter("weight", quantised.dequantise()),
                    new Parameter(
                            "bias", quantised.bias().orElseThrow().tensor().clone()));
            Torch.seed(2);
            Tensor rows = torch.randn(5, 64);
            assertThat(quantised.forward(rows, true).equal(plain.forward(rows, true)))
                    .isTrue();
            Tensor ours = gradient(rows, quantised);
            assertThat(ours.equal(gradient(rows, plain))).isTrue();
            plain.close();
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static Tensor gradient(Tensor rows, Projection projection) {
        Tensor leaf = rows.detach().clone().requires_grad_(true);
        projection.forward(leaf, true).pow(Torch.scalar(2)).sum().backward();
        return new Tensor(leaf.grad());
    }

    /** A chain's graph would hold every weight; here it holds none, and nothing is left behind when it has run. */
    @Test
    void theGraphHoldsNoWeight() {
        try (Scope scope = Scope.open();
                WatchedWeight weight =
                        new WatchedWeight(FourBitWeight.quantise(torch.randn(64, 64), FourBitType.NF4, 64, false));
                QuantisedLinear square = new QuantisedLinear("square", weight, DType.F32, null)) {
            Tensor leaf = torch.randn(2, 64).requires_grad_(true);
            Tensor states = leaf;
            for (int i = 0; i < 24; i++) {
                states = square.forward(states, true);
            }
            assertThat(weight.given()).isEqualTo(24);
            assertThat(weight.held()).isZero();
            states.sum().backward();
            assertThat(new Tensor(leaf.grad()).defined()).isTrue();
            assertThat(weight.given()).isEqualTo(48);
            assertThat(weight.held()).isZero();
            assertThat(weight.most()).isEqualTo(1);
        }
    }

    @Test
    void graphsThatNeverRunAreFreedWithTheLinear() {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                QuantisedLinear linear = linear(false)) {
            linear.forward(torch.randn(new long[] {2, 64}).requires_grad_(true), true);
            try (NoGrad guard = Torch.noGrad()) {
                linear.forward(torch.randn(new long[] {2, 64}).requires_grad_(true), true);
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void roundsWeightsWhereAskedTo() {
        try (Scope scope = Scope.open()) {
            Torch.seed(1);
            FourBitWeight weight = FourBitWeight.quantise(torch.randn(8, 64), FourBitType.NF4, 64, false);
            Tensor exact = weight.dequantise();
            try (QuantisedLinear linear = new QuantisedLinear("a", weight, DType.BF16, null)) {
                Tensor rounded = exact.to(torch.ScalarType.BFloat16).to(torch.ScalarType.Float);
                assertThat(linear.dequantise().equal(rounded)).isTrue();
                assertThat(rounded.equal(exact)).isFalse();
            }
        }
    }

    @Test
    void itsParametersAreTheFormatsTensors() {
        try (Scope scope = Scope.open();
                QuantisedLinear linear = linear(true)) {
            assertThat(linear.parameters())
                    .extracting(Parameter::name)
                    .containsExactly("a.weight", "a.weight.absmax", "a.weight.quant_map", "a.bias");
            assertThat(linear.bytes()).isEqualTo(48 * 32 + 48 * 4 + 16 * 4);
        }
    }

    private static QuantisedLinear linear(boolean biased) {
        try (Scope scope = Scope.open()) {
            Torch.seed(1);
            FourBitWeight weight = FourBitWeight.quantise(torch.randn(48, 64), FourBitType.NF4, 64, false);
            return new QuantisedLinear(
                    "a", weight, DType.F32, biased ? new Parameter("a.bias", torch.randn(48)) : null);
        }
    }
}
