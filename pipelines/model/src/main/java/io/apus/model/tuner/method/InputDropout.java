package io.apus.model.tuner.method;

import io.apus.model.layer.Cut;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Dropout of an adapter's inputs.
 *
 * @param columns which of the inputs of a divided projection are here; it then draws for all of them, so that all parts together drop what the
 *     whole would
 */
public record InputDropout(double probability, Optional<Cut> columns) {
    public static InputDropout of(double probability) {
        return new InputDropout(probability, Optional.empty());
    }

    /** The same of some of the inputs. */
    public InputDropout of(Cut own) {
        return new InputDropout(probability, Optional.of(own));
    }

    public boolean acts(boolean training) {
        return training && probability > 0;
    }

    /** What is left of [tokens, inputs]. */
    public Tensor of(Tensor input, boolean training) {
        if (!acts(training)) {
            return input;
        }
        if (columns.isEmpty()) {
            return torch.dropout(input, probability, true);
        }
        Cut own = columns.get();
        Tensor all = Device.of(input).ones(DType.of(input), input.size(0), own.whole());
        return input.mul(own.of(torch.dropout(all, probability, true), 1));
    }
}
