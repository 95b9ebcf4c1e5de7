package io.apus.train.parallel.part;

import io.apus.model.layer.Parameter;

/** What a rank holds of a model, and which other ranks of its replica hold the same. */
public interface Copies {
    HeldParameter of(Parameter parameter);

    /** Which of the ranks that train on other rows or tokens have the same of {@code part}. */
    ShardGroup group(HeldParameter part);

    /** How many ranks of a replica hold the same of {@code part}. */
    int count(HeldParameter part);

    /**
     * Whether this rank's copy is the one that a checkpoint keeps, of one replica's.
     *
     * @param alike whether ranks with another part of the same parameter hold the same too
     */
    boolean kept(HeldParameter part, String name, boolean alike);

    /** The sum of a number over all ranks of the run. */
    double sum(double own);
}
