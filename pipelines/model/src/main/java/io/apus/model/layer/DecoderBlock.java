package io.apus.model.layer;

import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * One layer: a token mixer and a feed-forward network, each added to its input.
 *
 * @param mixerNorm, mlpNorm applied to what goes in
 * @param mixerPostNorm, mlpPostNorm applied to what comes out, before it is added
 * @param parallel both work on the block's input instead of the network on the mixer's sum; without an mlpNorm they share mixerNorm
 * @param residualScale multiplies what is added
 * @param after what tuners do to the result
 */
public record DecoderBlock(
        Optional<Norm> mixerNorm,
        TokenMixer mixer,
        Optional<Norm> mixerPostNorm,
        Optional<Norm> mlpNorm,
        FeedForward mlp,
        Optional<Norm> mlpPostNorm,
        boolean parallel,
        double residualScale,
        List<StateTransform> after) {
    public DecoderBlock(
            Optional<Norm> mixerNorm,
            TokenMixer mixer,
            Optional<Norm> mixerPostNorm,
            Optional<Norm> mlpNorm,
            FeedForward mlp,
            Optional<Norm> mlpPostNorm,
            boolean parallel,
            double residualScale) {
        this(mixerNorm, mixer, mixerPostNorm, mlpNorm, mlp, mlpPostNorm, parallel, residualScale, List.of());
    }

    /** What most decoders do: x + mixer(norm(x)), then the same with the network. */
    public static DecoderBlock sequential(Norm mixerNorm, TokenMixer mixer, Norm mlpNorm, FeedForward mlp) {
        return new DecoderBlock(
                Optional.of(mixerNorm), mixer, Optional.empty(), Optional.of(mlpNorm), mlp, Optional.empty(), false, 1);
    }

    /** Norms before and after both parts. */
    public static DecoderBlock sandwiched(
            Norm mixerNorm, TokenMixer mixer, Norm mixerPostNorm, Norm mlpNorm, FeedForward mlp, Norm mlpPostNorm) {
        return new DecoderBlock(
                Optional.of(mixerNorm),
                mixer,
                Optional.of(mixerPostNorm),
                Optional.of(mlpNorm),
                mlp,
                Optional.of(mlpPostNorm),
                false,
                1);
    }

    /** Norms after both parts only. */
    public static DecoderBlock postNormed(TokenMixer mixer, Norm mixerPostNorm, FeedForward mlp, Norm mlpPostNorm) {
        return new DecoderBlock(
                Optional.empty(),
                mixer,
                Optional.of(mixerPostNorm),
                Optional.empty(),
                mlp,
                Optional.of(mlpPostNorm),
                false,
                1);
    }

    /** x + mixer(norm(x)) + network(norm(x)). */
    public static DecoderBlock parallel(Norm mixerNorm, TokenMixer mixer, Optional<Norm> mlpNorm, FeedForward mlp) {
        return new DecoderBlock(
                Optional.of(mixerNorm), mixer, Optional.empty(), mlpNorm, mlp, Optional.empty(), true, 1);
    }

    public DecoderBlock withResidualScale(double scale) {
        return new DecoderBlock(mixerNorm, mixer, mixerPostNorm, mlpNorm, mlp, mlpPostNorm, parallel, scale, after);
    }

    /** The same block with another token mixer in its place. */
    public DecoderBlock with(TokenMixer other) {
        return new DecoderBlock(
                mixerNorm, other, mixerPostNorm, mlpNorm, mlp, mlpPostNorm, parallel, residualScale, after);
    }

    /** The same block with another feed-forward network in its place. */
    public DecoderBlock with(FeedForward other) {
        return new DecoderBlock(
                mixerNorm, mixer, mixerPostNorm, mlpNorm, other, mlpPostNorm, parallel, residualScale, after);
    }

    /** The same block with one more change of its result. */
    public DecoderBlock with(StateTransform last) {
        List<StateTransform> more = new ArrayList<>(after);
        more.add(last);
        return new DecoderBlock(
                mixerNorm, mixer, mixerPostNorm, mlpNorm, mlp, mlpPostNorm, parallel, residualScale, more);
    }

    /** [tokens, hiddenSize] in and out. */
    public Tensor forward(Tensor states, PassContext pass) {
        Tensor result = layer(states, pass);
        for (StateTransform transform : after) {
            result = transform.apply(result);
        }
        return result;
    }

    private Tensor layer(Tensor states, PassContext pass) {
        Tensor normed = apply(mixerNorm, states);
        Tensor mixed = scaled(apply(mixerPostNorm, mixer.forward(normed, pass)));
        if (parallel) {
            Tensor input = mlpNorm.isPresent() ? apply(mlpNorm, states) : normed;
            return states.add(mixed).add(scaled(apply(mlpPostNorm, mlp.forward(input, pass))));
        }
        Tensor between = states.add(mixed);
        return between.add(scaled(apply(mlpPostNorm, mlp.forward(apply(mlpNorm, between), pass))));
    }

    private static Tensor apply(Optional<Norm> norm, Tensor states) {
        return norm.isPresent() ? norm.get().forward(states) : states;
    }

    private Tensor scaled(Tensor added) {
        return residualScale == 1 ? added : added.mul(Torch.scalar(residualScale));
    }

    /** The linear maps, in the order of their use. */
    public List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>(mixer.slots());
        all.addAll(mlp.slots());
        return all;
    }

    /** Every parameter of the layer as it stands, those that tuners added included. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        Stream.of(mixerNorm, mixerPostNorm, mlpNorm, mlpPostNorm)
                .flatMap(Optional::stream)
                .forEach(norm -> all.addAll(norm.parameters()));
        all.addAll(mixer.ownParameters());
        all.addAll(mlp.ownParameters());
        slots().forEach(slot -> all.addAll(slot.get().parameters()));
        after.forEach(transform -> all.addAll(transform.parameters()));
        return all;
    }
}
