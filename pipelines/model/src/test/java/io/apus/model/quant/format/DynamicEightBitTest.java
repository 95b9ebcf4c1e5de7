package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DynamicEightBitTest {
    /** Quantising itself is compared in {@link FourBitWeightTest}, where the maxima of blocks are quantised so. */
    @Test
    void agreesWithTheReference() {
        try (Scope scope = Scope.open();
                SafeTensorsFile golden =
                        SafeTensorsFile.open(SharedReference.path("golden/quant/bnb_dynamic8.safetensors"))) {
            Tensor code = golden.tensor("code");
            DynamicEightBit read = new DynamicEightBit(golden.tensor("q"), golden.tensor("absmax"), code, 4096);
            Tensor values = read.dequantise();
            assertThat(Torch.toFloats(values)).isEqualTo(Torch.toFloats(golden.tensor("dequant")));
            DynamicEightBit table = DynamicEightBit.quantise(code, 256);
            assertThat(Torch.toFloats(table.table())).isEqualTo(Torch.toFloats(code));
            assertThat(Torch.toLongs(table.codes()))
                    .isEqualTo(LongStream.range(0, 256).toArray());
        }
    }
}
