package io.apus.model.tuner.lycoris;

import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The two dropouts of LoHa and LoKr; they draw from the default generator. */
final class LycorisDropout {
    private LycorisDropout() {}

    /** Whether this update is left out of this pass. */
    static boolean leavesOut(LycorisSettings settings, boolean training) {
        return training && settings.moduleDropout() > 0 && torch.rand(1).item_double() <= settings.moduleDropout();
    }

    /** Factors for each column of {@code change}: 0 where it is dropped; {@code rescaled} keeps the mean at 1. */
    static Optional<Tensor> rows(LycorisSettings settings, Tensor change, boolean rescaled, boolean training) {
        if (!training || settings.rankDropout() == 0) {
            return Optional.empty();
        }
        Tensor kept = Device.of(change)
                .take(torch.rand(change.size(1)))
                .gt(Torch.scalar(settings.rankDropout()))
                .to(torch.ScalarType.Float);
        return Optional.of(rescaled ? kept.div_(kept.mean()) : kept);
    }
}
