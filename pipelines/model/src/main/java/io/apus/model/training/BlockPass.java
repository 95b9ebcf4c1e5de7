package io.apus.model.training;

import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.RouterScores;
import io.apus.tensor.Autocast;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import java.util.function.Supplier;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** One block's way forward and back in a training step, apart from the graphs of the other blocks. */
final class BlockPass implements AutoCloseable {
    private final DecoderBlock block;
    private final PassContext pass;
    private final Supplier<Autocast> products;
    private final long seed;
    private final boolean passesGradientOn;
    private final boolean recompute;
    private final RouterBalance balance;
    private final CustomGradients gradients = new CustomGradients();
    private Tensor input;
    private Tensor output;
    private Tensor probabilities;

    /**
     * @param products opens the types that products are computed in
     * @param seed of this block's dropout: the same when the block is computed again
     * @param passesGradientOn whether anything before this block is trained
     * @param balance takes in what a router says, where the context is a balanced one
     * @param recompute keep the input alone and compute the block again on the way back
     */
    BlockPass(
            DecoderBlock block,
            PassContext pass,
            Supplier<Autocast> products,
            RouterBalance balance,
            long seed,
            boolean passesGradientOn,
            boolean recompute) {
        this.block = block;
        this.pass = pass;
        this.products = products;
        this.balance = balance;
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
                try (NoGrad guard = Torch.noGrad();
                        Autocast types = products.get()) {
                    Torch.seed(seed);
                    Tensor result = scope.keep(block.forward(input, pass));
                    count(pass.takeRouted());
                    return result;
                }
            }
            output = Scope.own(run());
            RouterScores routed = pass.takeRouted();
            count(routed);
            probabilities = routed == null ? null : Scope.own(routed.probabilities());
            return scope.keep(output.detach());
        }
    }

    private void count(RouterScores routedOrNull) {
        if (routedOrNull != null) {
            balance.count(routedOrNull);
        }
    }

    private Tensor run() {
        input.requires_grad_(passesGradientOn);
        Torch.seed(seed);
        try (Autocast types = products.get();
                CustomGradients.Use hooks = gradients.use()) {
            return block.forward(input, pass);
        }
    }

    /** Adds the parameters' gradients; gives d(loss)/d(input) in the caller's scope, or null where nothing before needs it. */
    Tensor backward(Tensor outputGradient) {
        if (!trained()) {
            return null;
        }
        try (Scope scope = Scope.open()) {
            Tensor result = recompute ? run() : output;
            RouterScores routed = pass.takeRouted();
            TensorVector roots = new TensorVector();
            TensorVector gradients = new TensorVector();
            // Of experts alone that no token was sent to, nothing depends.
            if (result.requires_grad()) {
                roots.push_back(result);
                gradients.push_back(outputGradient);
            }
            Tensor said = routed == null ? probabilities : routed.probabilities();
            if (said != null && said.requires_grad()) {
                Tensor term = balance.term(said);
                roots.push_back(term);
                gradients.push_back(torch.ones_like(term));
            }
            if (!roots.empty()) {
                torch.backward(roots, gradients, new BoolOptional(), false, new TensorVector());
            }
            return passesGradientOn ? scope.keep(new Tensor(input.grad())) : null;
        }
    }

    @Override
    public void close() {
        gradients.close();
        Scope.release(input);
        Scope.release(output);
        Scope.release(probabilities);
        input = null;
        output = null;
        probabilities = null;
    }
}
