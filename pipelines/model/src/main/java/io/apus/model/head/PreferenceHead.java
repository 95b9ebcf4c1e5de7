package io.apus.model.head;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A generative reranker's score: the logit of one token ("yes") less that of another ("no"), [rows, 1]. */
public final class PreferenceHead implements RowHead {
    private final OutputHead head;
    private final long[] tokens;

    /**
     * @param head the model's
     * @param wanted id of the token that speaks for a passage
     * @param unwanted id of the token that speaks against it
     */
    public PreferenceHead(OutputHead head, int wanted, int unwanted) {
        this.head = head;
        this.tokens = new long[] {wanted, unwanted};
    }

    @Override
    public Tensor forward(Tensor rows) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor logits = head.logits(rows).index_select(1, Device.of(rows).longs(tokens));
            return scope.keep(logits.narrow(1, 0, 1).sub(logits.narrow(1, 1, 1)));
        }
    }

    @Override
    public Tensor backward(Tensor rows, Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor both = Device.of(rows).longs(tokens);
            Tensor products = torch.linear(rows, Torch.like(head.weight().tensor(), rows));
            Tensor slope = head.shape(products);
            Tensor logitGradient = gradient.mul(Device.of(rows).floats(1, -1));
            Tensor own = slope == null
                    ? logitGradient
                    : logitGradient.mul(slope.numel() == 1 ? slope : slope.index_select(1, both));
            Parameter weight = head.weight();
            if (weight.trainable()) {
                weight.gradientBuffer().index_add_(0, both, torch.mm(own.t(), rows));
            }
            head.bias().filter(Parameter::trainable).ifPresent(bias -> bias.gradientBuffer()
                    .index_add_(0, both, own.sum(0)));
            return scope.keep(torch.mm(own, Torch.like(weight.tensor().index_select(0, both), own)));
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
