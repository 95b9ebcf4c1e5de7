package io.apus.train.loop;

import java.nio.file.Path;

/** Keeps a run's state; every rank calls it, rank 0 writes. */
public interface Saving {
    /** Returns where the checkpoint lies, once it is there. */
    Path save(LoopState state);
}
