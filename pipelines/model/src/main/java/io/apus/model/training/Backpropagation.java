package io.apus.model.training;

import io.apus.model.DecoderModel;
import io.apus.model.layer.AttentionGroups;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenPart;
import io.apus.model.layer.TokenShare;
import io.apus.model.layer.VirtualTokens;
import io.apus.tensor.Autocast;
import io.apus.tensor.Scope;
import io.apus.tensor.autograd.CustomGradients;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Forward and backward of one micro-batch as a chain of blocks, each with a graph of its own. The chain is what lets activations be
 * recomputed block by block, and gradients be reported while those of earlier layers are still being computed.
 *
 * <p>The default random generator is seeded anew for each block, so that dropout depends on the step's seed and the layer alone.
 */
public final class Backpropagation {
    private static final long LAYER_SEED_STEP = 0x9E3779B97F4A7C15L;

    private final DecoderModel model;
    private final boolean checkpointed;
    private final EmbeddingNoise noise;
    private final AttentionGroups groups;
    private final TokenShare share;

    /** {@code checkpointed} keeps only each block's input and computes the block again on the way back: less memory, a third more time. */
    public Backpropagation(DecoderModel model, boolean checkpointed) {
        this(model, checkpointed, EmbeddingNoise.none(), AttentionGroups.none(), TokenShare.all());
    }

    /** As the other, with {@code noise} on the embeddings and attention within {@code groups}, for {@code share} of the tokens. */
    public Backpropagation(
            DecoderModel model, boolean checkpointed, EmbeddingNoise noise, AttentionGroups groups, TokenShare share) {
        this.model = model;
        this.checkpointed = checkpointed;
        this.noise = noise;
        this.groups = groups;
        this.share = share;
    }

    /** Adds the gradients of one micro-batch to the trainable parameters; the same {@code seed} drops the same activations. */
    public LossStatistics step(TokenBatch batch, HeadLoss loss, long seed, GradientSink sink) {
        return step(batch, loss, RouterLoss.NONE, seed, sink);
    }

    /** The same with a load-balancing loss beside {@code loss}, in models that have routers. */
    public LossStatistics step(TokenBatch batch, HeadLoss loss, RouterLoss routers, long seed, GradientSink sink) {
        try (Scope scope = Scope.open();
                Passage passage = forward(batch, null, routers, seed)) {
            Top top = top(passage, loss, sink);
            backward(passage, top.gradient(), sink);
            return top.statistics();
        }
    }

    /**
     * The first part of a {@link #step}: through the blocks that the model has. The result has tensors in the caller's scope.
     *
     * @param arrivedOrNull what the layers before made of the batch, [own rows, hiddenSize], which this closes; null where the model begins
     *     with tokens
     */
    public Passage forward(TokenBatch batch, Tensor arrivedOrNull, RouterLoss routers, long seed) {
        VirtualTokens virtual = model.virtualTokens();
        TokenBatch behind = virtual.placed(batch);
        TokenBatch placed = behind.on(model.device());
        TokenPart part = share.of(placed.tokens());
        PassContext context =
                PassContext.training(model.rotaries(), virtual.led(placed), routers.wanted(), groups, share);
        Passage passage = new Passage(placed, placed.part(part), routers);
        try (Scope scope = Scope.open()) {
            Tensor states = model.stretch().embeds() ? embedded(passage.own(), behind.part(part)) : arrivedOrNull;
            passage.arrived(forward(passage, states, context, seed));
            return passage;
        } catch (RuntimeException e) {
            passage.close();
            throw e;
        }
    }

    /** How many rows of states of {@code batch} are computed here: its tokens, and those in front of it. */
    public int rows(TokenBatch batch) {
        return share.of(batch.tokens()).count() + model.virtualTokens().rows();
    }

    /**
     * Uses the model's parts and reports gradients as {@link #step} does, and computes nothing: for those who have no micro-batch while
     * others do.
     */
    public void idle(GradientSink sink) {
        for (int part = 0; part <= model.blocks().size(); part++) {
            model.use().next(part, false);
        }
        int lowest = lowestTrained();
        for (int part = model.blocks().size() + 1; part >= lowest; part--) {
            model.use().next(part, true);
            report(
                    part > model.blocks().size()
                            ? model.headParameters()
                            : model.parts().get(part),
                    sink);
        }
    }

    /** The first part that anything before it or in it is trained in; the last part where none is. */
    private int lowestTrained() {
        int part = 0;
        while (part <= model.blocks().size() && model.parts().get(part).stream().noneMatch(Parameter::trainable)) {
            part++;
        }
        return part;
    }

    /** {@code behind} is the same batch where the caller made it, which noise reads without waiting for the device. */
    private Tensor embedded(TokenBatch placed, TokenBatch behind) {
        model.use().next(0, false);
        Tensor states = model.embedded(placed);
        noise.add(states, behind);
        return model.virtualTokens().led(states);
    }

    private Tensor forward(Passage passage, Tensor first, PassContext context, long seed) {
        Tensor states = first;
        boolean trainedBefore = trainedBeforeBlocks();
        for (DecoderBlock block : model.blocks()) {
            int layer = model.stretch().first() + passage.passes().size();
            long blockSeed = seed + LAYER_SEED_STEP * (layer + 1);
            BlockPass pass = new BlockPass(
                    block, context, model::products, passage.balance(), blockSeed, trainedBefore, checkpointed);
            passage.passes().add(pass);
            model.use().next(passage.passes().size(), false);
            Tensor next = pass.forward(states);
            states.close();
            states = next;
            trainedBefore |= block.parameters().stream().anyMatch(Parameter::trainable);
        }
        return states;
    }

    /**
     * What the loss leaves behind.
     *
     * @param gradient of what came out of the last block, in the caller's scope; null where no layer needs it
     */
    public record Top(Tensor gradient, LossStatistics statistics) {}

    /** The second part: the final norm, the head and the loss of {@code passage}, which has come through the last block. */
    public Top top(Passage passage, HeadLoss loss, GradientSink sink) {
        model.use().next(passage.passes().size() + 1, true);
        boolean all = passage.own().tokens() == passage.batch().tokens();
        Head head = head(
                passage.states(), all ? loss : loss.of(share.of(passage.batch().tokens())));
        Scope.release(passage.take());
        if (passage.routers().wanted()) {
            double[] weight = {head.statistics().weightSum()};
            share.sum(weight);
            passage.balance().complete(share::sum);
            passage.balance().weigh(passage.routers().weight(weight[0]));
        }
        report(model.headParameters(), sink);
        double balance = passage.balance().loss();
        return new Top(head.statesGradient(), head.statistics().withRouterLoss(balance));
    }

    /**
     * The last part: back through the blocks, which ends the passage.
     *
     * @param gradientOrNull of what came out of the last block, which this closes; null where no layer needs it
     * @return that of what arrived, in the caller's scope; null where nothing before is trained
     */
    public Tensor backward(Passage passage, Tensor gradientOrNull, GradientSink sink) {
        Tensor gradient = gradientOrNull;
        List<BlockPass> passes = passage.passes();
        for (int layer = passes.size() - 1; layer >= 0 && gradient != null; layer--) {
            model.use().next(layer + 1, true);
            gradient = backward(passes.get(layer), gradient);
            report(model.blocks().get(layer).parameters(), sink);
        }
        if (!model.stretch().embeds()) {
            return gradient;
        }
        if (trainedBeforeBlocks()) {
            model.use().next(0, true);
        }
        VirtualTokens virtual = model.virtualTokens();
        if (virtual.trainable()) {
            virtual.backward(gradient);
            report(virtual.embeddings().stream().toList(), sink);
        }
        if (model.embedding().trainable()) {
            model.embedding().backward(passage.own(), virtual.rest(gradient));
            report(model.embedding().parameters(), sink);
        }
        return null;
    }

    private boolean trainedBeforeBlocks() {
        return model.stretch().embeds()
                ? model.embedding().trainable() || model.virtualTokens().trainable()
                : model.stretch().learnsBefore();
    }

    /** What the final norm and the head leave behind; the gradient is null where no layer needs it. */
    private record Head(Tensor statesGradient, LossStatistics statistics) {}

    private Head head(Tensor states, HeadLoss loss) {
        boolean passesGradientOn = trainedBeforeBlocks()
                || model.blocks().stream().flatMap(b -> b.parameters().stream()).anyMatch(Parameter::trainable);
        boolean normTrained = model.finalNorm().parameters().stream().anyMatch(Parameter::trainable);
        try (Scope scope = Scope.open();
                CustomGradients gradients = new CustomGradients();
                CustomGradients.Use hooks = gradients.use()) {
            Tensor leaf = states.detach().requires_grad_(passesGradientOn);
            Tensor hidden = model.finalNorm().forward(model.virtualTokens().rest(leaf));
            HeadLoss.Result result = headLoss(loss, hidden);
            if (passesGradientOn || normTrained) {
                hidden.backward(result.hiddenGradient(), new BoolOptional(), false, new TensorArrayRefOptional());
            }
            return new Head(passesGradientOn ? scope.keep(new Tensor(leaf.grad())) : null, result.statistics());
        }
    }

    private HeadLoss.Result headLoss(HeadLoss loss, Tensor hidden) {
        try (Autocast products = model.products()) {
            return loss.apply(hidden.detach(), model.head());
        }
    }

    private static Tensor backward(BlockPass pass, Tensor gradient) {
        try (BlockPass closing = pass) {
            Tensor before = closing.backward(gradient);
            gradient.close();
            return before;
        }
    }

    private static void report(List<Parameter> parameters, GradientSink sink) {
        List<Parameter> trained =
                parameters.stream().filter(Parameter::trainable).toList();
        if (!trained.isEmpty()) {
            sink.ready(trained);
        }
    }
}
