package io.apus.model.tuner.lycoris;

import io.apus.model.layer.Cut;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The two dropouts of LoHa and LoKr; they draw from the default generator. */
final class LycorisDropout {
    private LycorisDropout() {}

    /** Whether this update is left out of this pass. */
    static boolean leavesOut(LycorisSettings settings, boolean training) {
        return training && settings.moduleDropout() > 0 && torch.rand(1).item_double() <= settings.moduleDropout();
    }

    /**
     * What is left of [tokens, outputs] where whole outputs are dropped.
     *
     * @param outputs which of all these are; it is drawn for all
     * @param rescaled keeps the mean of what is multiplied with at 1
     */
    static Tensor kept(LycorisSettings settings, Tensor change, Cut outputs, boolean rescaled, boolean training) {
        if (!training || settings.rankDropout() == 0) {
            return change;
        }
        Tensor kept = Device.of(change)
                .take(torch.rand(outputs.whole()))
                .gt(Torch.scalar(settings.rankDropout()))
                .to(torch.ScalarType.Float);
        return change.mul(outputs.in(rescaled ? kept.div_(kept.mean()) : kept, 0));
    }
}
