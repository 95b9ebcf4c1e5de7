package io.apus.train.optimize;

import io.apus.model.layer.Parameter;
import org.bytedeco.pytorch.Tensor;

/** What a rule moves: a parameter, or the part of one that this rank keeps. */
public interface Movable {
    /** The parameter that it is or is a part of: its name and whether it is trainable decide. */
    Parameter parameter();

    long[] shape();

    /** Of {@link #shape}; the handle belongs to the caller's scope or lives longer. */
    Tensor weight();

    /** As {@link #weight}. */
    Tensor gradient();

    /** All of {@code parameter}, with the gradient that it holds. */
    static Movable of(Parameter parameter) {
        return new Movable() {
            @Override
            public Parameter parameter() {
                return parameter;
            }

            @Override
            public long[] shape() {
                return parameter.shape();
            }

            @Override
            public Tensor weight() {
                return parameter.tensor();
            }

            @Override
            public Tensor gradient() {
                return parameter.gradientBuffer();
            }
        };
    }
}
