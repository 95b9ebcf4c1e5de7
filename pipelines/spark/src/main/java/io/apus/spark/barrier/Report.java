package io.apus.spark.barrier;

import java.io.Serializable;

/**
 * One line on its way from a rank to the driver.
 *
 * @param run the id of the barrier stage's run
 * @param attempt the stage attempt that sent it; reports of an attempt that was given up are dropped
 */
record Report(String run, int attempt, int rank, Kind kind, String line) implements Serializable {
    enum Kind {
        /** What the rank's task reports. */
        REPORT,
        /** What the rank's code prints and logs. */
        LOG
    }
}
