package io.apus.train.parallel.zero;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.Precision;
import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ModelShare;
import io.apus.train.reduce.WireType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZeroGradientsTest {
    /** bfloat16 has 8 bits: a norm rounded to it would be off by up to 1/512, and the units' norms add up. */
    @Test
    void theNormOfNarrowGradientsIsNotNarrow() {
        TrainSpec spec =
                new JsonMapper().convertValue(Map.of("sharing", Map.of("deepspeed", "zero1")), TrainSpec.class);
        ModelConfig config = ModelConfig.read(Path.of("../model/src/test/resources/golden", "llama"));
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = DecoderModel.random(config, 7)) {
            model.place(Device.CPU, Precision.PURE_BFLOAT16);
            model.parameters().values().forEach(parameter -> parameter.trainable(true));
            List<Parameter> trained = List.copyOf(model.parameters().values());
            try (ModelShare share = ModelShare.of(Grid.replicas(Collectives.alone()), model);
                    ZeroHolding holding =
                            new ZeroHolding(model, trained, spec, one -> 1, share, 40_000, WireType.FLOAT32)) {
                trained.forEach(parameter -> parameter.gradientBuffer().copy_(parameter.tensor()));
                double squares = 0;
                for (Parameter parameter : trained) {
                    for (float one : Torch.toFloats(parameter.tensor())) {
                        squares += (double) one * one;
                    }
                }
                assertThat(holding.norm()).isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
            }
        }
    }
}
