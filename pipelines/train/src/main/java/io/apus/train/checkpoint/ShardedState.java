package io.apus.train.checkpoint;

import java.util.List;

/** One rank's view of tensors that all ranks together keep in a checkpoint. Names are those of the whole tensors, the same at any layout. */
public interface ShardedState {
    /**
     * What this rank writes. Over all ranks, every element of every tensor is written exactly once: a checkpoint whose pieces leave a
     * gap or overlap is refused before it is committed. A rank that writes nothing of a tensor does not name it.
     */
    List<HeldPiece> written();

    /** What this rank wants filled on resuming; several ranks may want the same elements. */
    List<HeldPiece> wanted();

    /** Called on every rank, by the thread that trains, when all wanted pieces of all ranks are filled: collectives are allowed. */
    default void filled() {}
}
