package io.apus.model.tuner.reft;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interventions against their definition h + R^T (source - R h). Tolerance 1e-5: sums of at most 10 products of order one. */
class InterventionTest {
    private static final int HIDDEN = 10;
    private static final int RANK = 3;
    private static final int TOKENS = 4;

    @ParameterizedTest
    @CsvSource({
        "LoreftIntervention,true,true",
        "NoreftIntervention,true,true",
        "ConsreftIntervention,false,true",
        "LobireftIntervention,false,false",
        "DireftIntervention,true,false",
        "NodireftIntervention,true,false"
    })
    void statesMoveWithinTheSubspace(String name, boolean mapped, boolean replaces) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            InterventionKind kind = InterventionKind.named(name);
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(1));
            Intervention intervention = Intervention.start("m", kind, HIDDEN, RANK, generator);
            Torch.seed(2);
            intervention.map().ifPresent(map -> map.tensor().add_(torch.randn(RANK, HIDDEN)));
            intervention.offset().tensor().add_(torch.randn(RANK));
            Tensor states = torch.randn(TOKENS, HIDDEN);
            // the columns start orthonormal, so that they are R^T itself
            float[] columns = Torch.toFloats(intervention.subspace().tensor());
            float[] h = Torch.toFloats(states);
            float[] map =
                    intervention.map().map(p -> Torch.toFloats(p.tensor())).orElse(new float[RANK * HIDDEN]);
            float[] wanted = h.clone();
            float[] offset = Torch.toFloats(intervention.offset().tensor());
            for (int token = 0; token < TOKENS; token++) {
                for (int r = 0; r < RANK; r++) {
                    float change = offset[r];
                    for (int i = 0; i < HIDDEN; i++) {
                        change += mapped ? map[r * HIDDEN + i] * h[token * HIDDEN + i] : 0;
                        change -= replaces ? columns[i * RANK + r] * h[token * HIDDEN + i] : 0;
                    }
                    for (int i = 0; i < HIDDEN; i++) {
                        wanted[token * HIDDEN + i] += columns[i * RANK + r] * change;
                    }
                }
            }
            assertThat(Torch.toFloats(intervention.apply(states))).containsExactly(wanted, Offset.offset(1e-5f));
            intervention.parameters().forEach(Parameter::close);
        }
    }
}
