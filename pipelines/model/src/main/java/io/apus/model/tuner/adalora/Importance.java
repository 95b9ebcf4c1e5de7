package io.apus.model.tuner.adalora;

import io.apus.model.layer.Parameter;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * How much each number of a parameter matters: moving means of |value x gradient| and of how far it strays from its mean.
 *
 * @param sensitivity frozen, the parameter's shape
 * @param uncertainty frozen, the parameter's shape
 */
record Importance(Parameter of, Parameter sensitivity, Parameter uncertainty) {
    /** The share of what was before in each moving mean. */
    record Smoothing(double sensitivity, double uncertainty) {}

    static Importance of(Parameter parameter) {
        return new Importance(
                parameter,
                new Parameter(parameter.name() + ".sensitivity", Torch.zeros(parameter.shape())),
                new Parameter(parameter.name() + ".uncertainty", Torch.zeros(parameter.shape())));
    }

    List<Parameter> parameters() {
        return List.of(sensitivity, uncertainty);
    }

    /** Takes the present gradient in; needs a scope and no graph. */
    void update(Smoothing smoothing) {
        Tensor now = of.tensor().mul(of.gradientBuffer()).abs_();
        mix(sensitivity.tensor(), smoothing.sensitivity(), now);
        mix(
                uncertainty.tensor(),
                smoothing.uncertainty(),
                now.sub(sensitivity.tensor()).abs_());
    }

    private static void mix(Tensor mean, double kept, Tensor now) {
        mean.mul_(Torch.scalar(kept)).add_(now, Torch.scalar(1 - kept));
    }

    Tensor score() {
        return sensitivity.tensor().mul(uncertainty.tensor());
    }

    void reset() {
        sensitivity.tensor().zero_();
        uncertainty.tensor().zero_();
    }
}
