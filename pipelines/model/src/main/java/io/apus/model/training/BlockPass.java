package io.apus.model.training;

import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/** One block's way forward and back in a training step, apart from the graphs of the other blocks. */
final class BlockPass implements AutoCloseable {
    private final DecoderBlock block;
    private final PassContext pass;
    private final long seed;
    private final boolean passesGradientOn;
    private final boolean recompute;
    private Tensor input;
    private Tensor output;

    /**
     * @param seed of this block's dropout: the same when the block is computed again
     * @param passesGradientOn whether anything before this block is trained
     * @param recompute keep the input alone and compute the block again on the way back
     */
    BlockPass(DecoderBlock block, PassContext pass, long seed, boolean passesGradientOn, boolean recompute) {
        this.block = block;
        this.pass = pass;
        this.seed = seed;
        this.passesGradientOn = passesGradientOn;
        this.recompute = recompute;
    }

    private boolean trained() {
        return passesGradientOn || block.parameters().stream().anyMatch(Parameter::trainable);
    }

    /** Gives the block's output without a graph, in the caller's scope. */
    Tensor forward(Tensor states) {
        try (Scope scope = Scope.open()) {
            input = Scope.own(states.detach());
            if (recompute || !trained()) {
                try (NoGrad guard = Torch.noGrad()) {
                    Torch.seed(seed);
                    return scope.keep(block.forward(input, pass));
                }
            }
            output = Scope.own(run());
            return scope.keep(output.detach());
        }
    }

    private Tensor run() {
        input.requires_grad_(passesGradientOn);
        Torch.seed(seed);
        return block.forward(input, pass);
    }

    /** Adds the parameters' gradients; gives d(loss)/d(input) in the caller's scope, or null where nothing before needs it. */
    Tensor backward(Tensor outputGradient) {
        if (!trained()) {
            return null;
        }
        try (Scope scope = Scope.open()) {
            Tensor result = recompute ? run() : output;
            result.backward(outputGradient, new BoolOptional(), false, new TensorArrayRefOptional());
            return passesGradientOn ? scope.keep(new Tensor(input.grad())) : null;
        }
    }

    @Override
    public void close() {
        Scope.release(input);
        Scope.release(output);
        input = null;
        output = null;
    }
}
