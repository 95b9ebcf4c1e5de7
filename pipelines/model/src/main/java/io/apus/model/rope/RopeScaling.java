package io.apus.model.rope;

/** One way to stretch rotary positions beyond the length that a model was trained on. */
public interface RopeScaling {
    Rotation rotation(RopeParameters parameters);
}
