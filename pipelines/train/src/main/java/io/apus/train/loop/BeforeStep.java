package io.apus.train.loop;

/** Sets something up before each step, the same on every rank. */
public interface BeforeStep {
    /** {@code step} counts from 0. */
    void prepare(int step);
}
