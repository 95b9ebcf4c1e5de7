package io.apus.model.rope;

/** One way to stretch rotary positions beyond the length that a model was trained on. */
public interface RopeScaling {
    /**
     * The rotation of one text.
     *
     * @param length tokens of the text, the ones still to come not counted
     */
    Rotation rotation(RopeParameters parameters, long length);
}
