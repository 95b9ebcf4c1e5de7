package io.apus.model.layer;

/** A feed-forward network that a tuner put something around, which works on whole states. */
public interface SurroundedNetwork extends FeedForward {
    /** What is inside. */
    FeedForward inner();

    /** The same around {@code other}. */
    SurroundedNetwork around(FeedForward other);
}
