package io.apus.model.layer;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** y = x W^T + b with a weight of [outFeatures, inFeatures]. */
public final class Linear implements MatrixProjection, Divisible {
    private final Parameter weight;
    private final Parameter bias;

    /** {@code biasOrNull} has the shape [outFeatures]. */
    public Linear(Parameter weight, Parameter biasOrNull) {
        this.weight = weight;
        this.bias = biasOrNull;
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        return bias == null
                ? torch.linear(input, weight.tensor())
                : torch.linear(input, weight.tensor(), new TensorOptional(bias.tensor()));
    }

    @Override
    public long inFeatures() {
        return weight.shape()[1];
    }

    @Override
    public long outFeatures() {
        return weight.shape()[0];
    }

    @Override
    public Tensor weightMatrix() {
        return weight.tensor().detach();
    }

    @Override
    public Projection withWeight(Tensor matrix) {
        try (NoGrad guard = Torch.noGrad()) {
            weight.tensor().copy_(matrix);
        }
        return this;
    }

    public Parameter weight() {
        return weight;
    }

    @Override
    public Optional<Parameter> bias() {
        return Optional.ofNullable(bias);
    }

    @Override
    public Optional<Division> outputs(Cut cut) {
        List<Piece> pieces = new ArrayList<>(List.of(Piece.of(weight, cut, 0)));
        bias().ifPresent(whole -> pieces.add(Piece.of(whole, cut, 0)));
        Parameter ownBias = pieces.size() > 1 ? pieces.get(1).parameter() : null;
        return Optional.of(new Division(new Linear(pieces.get(0).parameter(), ownBias), pieces));
    }

    @Override
    public Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        Piece piece = Piece.of(weight, cut, 1);
        return Optional.of(new Division(new Linear(piece.parameter(), null), List.of(piece)));
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(weight));
        bias().ifPresent(all::add);
        return all;
    }

    @Override
    public void close() {
        parameters().forEach(Parameter::close);
    }
}
