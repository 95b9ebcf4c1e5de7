package io.apus.train.optimize.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DynamicCodeTest {
    @Test
    void itIsTheTypeOfBitsandbytesInEveryBit() {
        try (Scope scope = Scope.open();
                SafeTensorsFile golden =
                        SafeTensorsFile.open(SharedReference.path("golden/quant/bnb_dynamic8.safetensors"))) {
            assertThat(DynamicCode.SIGNED.table()).isEqualTo(Torch.toFloats(golden.tensor("code")));

            // Two blocks of 4096 numbers: the block size of weights, not of optimiser states.
            Tensor codes = golden.tensor("q").view(2, 4096);
            Tensor scales = golden.tensor("absmax").unsqueeze(1);
            Tensor values = DynamicCode.SIGNED.decode(codes);
            assertThat(Torch.toFloats(values.mul(scales))).isEqualTo(Torch.toFloats(golden.tensor("dequant")));
            assertThat(Torch.toLongs(DynamicCode.SIGNED.encode(values))).isEqualTo(Torch.toLongs(codes));
        }
    }

    @Test
    void everyCodeIsTheNearestOne() {
        try (Scope scope = Scope.open()) {
            for (DynamicCode code : List.of(DynamicCode.SIGNED, DynamicCode.UNSIGNED)) {
                float[] table = code.table();
                float[] asked = new float[2000];
                for (int i = 0; i < asked.length; i++) {
                    double spread = Math.pow(i / 2000.0, 6);
                    asked[i] = (float) (code == DynamicCode.SIGNED && i % 2 == 0 ? -spread : spread);
                }
                float[] decoded = Torch.toFloats(code.decode(code.encode(Torch.floats(asked))));
                for (int i = 0; i < asked.length; i++) {
                    double own = Math.abs(asked[i] - decoded[i]);
                    if (asked[i] < 0 && asked[i] > -1e-6) {
                        assertThat(decoded[i]).as("keeps its sign").isNegative();
                        continue;
                    }
                    for (float other : table) {
                        assertThat(own).isLessThanOrEqualTo(Math.abs(asked[i] - other) + 1e-9);
                    }
                }
                assertThat(table).hasSize(256).isSorted().contains(0f, 1f);
            }
        }
    }
}
