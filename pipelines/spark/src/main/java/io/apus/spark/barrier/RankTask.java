package io.apus.spark.barrier;

import io.apus.schemas.World;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * The work of one rank. It travels to the executors with Java serialisation, and so does its result.
 *
 * @param <R> what a rank returns
 */
@FunctionalInterface
public interface RankTask<R extends Serializable> extends Serializable {
    /**
     * Does the work of {@code world.rank()}. After a stage was retried it is called again with {@code world.attempt()} above 0.
     *
     * @param report takes one JSON line at a time and brings it to the driver while this method still runs
     */
    R run(World world, Consumer<String> report) throws Exception;

    /**
     * True if {@code failure} only says that another rank went away (a broken connection, a collective that timed out): then the
     * other rank's own error is what the user should see, or Spark should retry the stage.
     */
    default boolean causedByPeer(Throwable failure) {
        return false;
    }
}
