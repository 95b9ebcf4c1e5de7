package io.apus.spark.barrier;

import java.io.Serializable;

/**
 * The work of one rank. It travels to the executors with Java serialisation, and so does its result.
 *
 * @param <R> what a rank returns
 */
@FunctionalInterface
public interface RankTask<R extends Serializable> extends Serializable {
    /**
     * Does the work of {@code rank.world().rank()}. After a stage was retried it is called again with {@code world().attempt()}
     * above 0.
     */
    R run(RankContext rank) throws Exception;

    /**
     * True if {@code failure} only says that another rank went away (a broken connection, a collective that timed out): then the
     * other rank's own error is what the user should see, or Spark should retry the stage.
     */
    default boolean causedByPeer(Throwable failure) {
        return false;
    }
}
