package io.apus.jobs.launch;

import io.apus.schemas.UserError;

/** Why Spark gave no session, where its user can mend that. */
final class SessionRefusal {
    private static final String PROBLEM = "Cannot start Spark";

    private SessionRefusal() {}

    /**
     * Refuses a session that no standalone master has given its application's id: Spark gives such a one back after a minute, stopped or
     * about to be.
     */
    static void requireMaster(String master, String applicationId) {
        if (master.startsWith("spark:") && applicationId.startsWith("spark-application-")) {
            throw new UserError(
                    PROBLEM,
                    "no master answers at " + master,
                    "Check that it runs and can be reached from this machine's address, which is SPARK_LOCAL_IP"
                            + " (127.0.0.1 under ./apus unless set).");
        }
    }

    /** What to throw for {@code refused}: a {@link UserError} for a master or executors that cannot be had. */
    static RuntimeException explained(Exception refused, String master) {
        String message = String.valueOf(refused.getMessage());
        if (message.contains("Could not parse Master URL")) {
            return new UserError(
                    PROBLEM,
                    "\"" + master + "\" is no master that the Spark on this class path knows",
                    "Set cluster.master to local-cluster[executors,cores,MiB], local[N] or spark://HOST:PORT;"
                            + " for YARN and Kubernetes start with spark-submit.",
                    refused);
        }
        if (message.contains("above the max threshold")) {
            return new UserError(
                    "Cannot start the executors",
                    message.replaceFirst("! .*", ""),
                    "Ask for less (spark.executor.memory, cluster.memory_overhead), or raise"
                            + " yarn.scheduler.maximum-allocation-mb and yarn.nodemanager.resource.memory-mb.",
                    refused);
        }
        return refused instanceof RuntimeException other ? other : new IllegalStateException(message, refused);
    }
}
