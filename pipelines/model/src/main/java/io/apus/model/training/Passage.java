package io.apus.model.training;

import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One micro-batch on its way through the layers that a model has: there and, when the gradient of what came out is known, back. Until then
 * it keeps what the way back needs. The rotations and tokens that it shares with its blocks belong to the scope it began in.
 */
public final class Passage implements AutoCloseable {
    private final TokenBatch batch;
    private final TokenBatch own;
    private final RouterLoss routers;
    private final RouterBalance balance = new RouterBalance();
    private final List<BlockPass> passes = new ArrayList<>();
    private Tensor states;

    /**
     * Begins one.
     *
     * @param own tokens of {@code batch} that are computed here
     */
    Passage(TokenBatch batch, TokenBatch own, RouterLoss routers) {
        this.batch = batch;
        this.own = own;
        this.routers = routers;
    }

    TokenBatch batch() {
        return batch;
    }

    TokenBatch own() {
        return own;
    }

    RouterLoss routers() {
        return routers;
    }

    RouterBalance balance() {
        return balance;
    }

    List<BlockPass> passes() {
        return passes;
    }

    /** Takes over what came out of the last block. */
    void arrived(Tensor last) {
        states = Scope.own(last);
    }

    /** What came out of the last block, [own rows, hiddenSize]; null once it has been taken. */
    Tensor states() {
        return states;
    }

    /** What came out of the last block, [own rows, hiddenSize], which the caller then has to release. */
    public Tensor take() {
        Tensor taken = states;
        states = null;
        return taken;
    }

    /**
     * What the routers up to here have said of the tokens, and once the loss is known what it weighs: 2 * {@code experts} + 2 numbers for the stages
     * of a pipeline, whose layers are balanced together.
     */
    public double[] routed(int experts) {
        return balance.counted(experts);
    }

    /** Adds what {@link #routed} said on the stage before. */
    public void addRouted(double[] before) {
        balance.add(before);
    }

    /** Puts what {@link #routed} said on the stage behind, which knows of all layers, in the place of what is known here. */
    public void balance(double[] all) {
        balance.replace(all);
    }

    @Override
    public void close() {
        Scope.release(states);
        states = null;
        passes.forEach(BlockPass::close);
    }
}
