package io.apus.spark.barrier;

import io.apus.schemas.UserError;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.ResourceProfileManager;
import org.apache.spark.resource.TaskResourceRequests;
import scala.Option;

/**
 * What one rank's task takes: as every task of the session, or, by stage-level scheduling, something of its own.
 *
 * @param own the profile of the barrier stage, where it differs from the session's
 */
record RankShape(int cpus, int gpus, Optional<ResourceProfile> own) {
    static final String GPU = "gpu";
    static final String TASK_GPUS = "spark.task.resource.gpu.amount";
    static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";

    static RankShape of(SparkContext context, RankRequest request) {
        SparkConf conf = context.conf();
        int cpus = sessionCpus(conf);
        int gpus = sessionGpus(conf, request);
        int wantedCpus = request.cpus() == null ? cpus : request.cpus();
        int wantedGpus = wantedGpus(context, request, gpus);
        requireGpus(conf, wantedGpus);
        if (wantedCpus == cpus && wantedGpus == gpus) {
            return new RankShape(cpus, gpus, Optional.empty());
        }
        return new RankShape(wantedCpus, wantedGpus, Optional.of(supported(context, wantedCpus, wantedGpus)));
    }

    /** As far as settings tell, before there is a session: whether it has stage-level scheduling is seen then. */
    static RankShape planned(SparkConf conf, RankRequest request) {
        int cpus = sessionCpus(conf);
        int gpus = sessionGpus(conf, request);
        int wantedCpus = request.cpus() == null ? cpus : request.cpus();
        int wantedGpus = request.gpus() == null ? gpus : request.gpus();
        requireGpus(conf, wantedGpus);
        boolean same = wantedCpus == cpus && wantedGpus == gpus;
        return new RankShape(
                wantedCpus, wantedGpus, same ? Optional.empty() : Optional.of(profile(wantedCpus, wantedGpus)));
    }

    private static int sessionCpus(SparkConf conf) {
        return Math.max(1, conf.getInt("spark.task.cpus", 1));
    }

    private static void requireGpus(SparkConf conf, int wanted) {
        if (wanted > 0 && conf.getInt(EXECUTOR_GPUS, 0) == 0) {
            throw new UserError(
                    "Cannot start the ranks on GPUs",
                    "need " + wanted + " GPU for each rank; the executors have none (" + EXECUTOR_GPUS + " is not set)",
                    "Set " + EXECUTOR_GPUS + " and spark.executor.resource.gpu.discoveryScript, or train.rank_gpus=0.");
        }
    }

    /** GPUs of any task of the session. Two ranks cannot share one, and a rank has no use for two. */
    static int sessionGpus(SparkConf conf, RankRequest request) {
        double amount = conf.getDouble(TASK_GPUS, 0);
        boolean matters = request.gpus() == null || request.gpus() == amount;
        if (matters && amount != 0 && amount != 1) {
            String each = amount < 1
                    ? Math.round(Math.floor(1 / amount))
                            + " ranks would share one GPU, and collectives need one for each rank"
                    : "each rank computes on 1 GPU, " + Math.round(amount - 1) + " of " + Math.round(amount)
                            + " would be idle";
            throw new UserError(
                    "Cannot start the ranks on GPUs",
                    "need 1 GPU for each rank; " + TASK_GPUS + " is " + conf.get(TASK_GPUS) + ": " + each,
                    "Set " + TASK_GPUS + "=1, or train.rank_gpus=1 where the cluster has stage-level scheduling.");
        }
        return amount == 1 ? 1 : 0;
    }

    private static int wantedGpus(SparkContext context, RankRequest request, int gpus) {
        if (request.gpus() != null) {
            return request.gpus();
        }
        boolean idle = gpus == 0 && context.conf().getInt(EXECUTOR_GPUS, 0) > 0;
        return idle && isSupported(context, profile(1, 1)) ? 1 : gpus;
    }

    private static ResourceProfile supported(SparkContext context, int cpus, int gpus) {
        ResourceProfile profile = profile(cpus, gpus);
        if (!isSupported(context, profile)) {
            throw new UserError(
                    "Cannot start the ranks",
                    "need " + cpus + " cores and " + gpus
                            + " GPUs for each rank, other than other tasks of the session, and Spark "
                            + context.version() + " on " + context.master() + " has no stage-level scheduling for that",
                    "Set spark.task.cpus=" + cpus + (gpus > 0 ? " and " + TASK_GPUS + "=" + gpus : "")
                            + " for the whole session, and leave train.rank_cpus and train.rank_gpus out.");
        }
        return known(context.resourceProfileManager(), profile);
    }

    /** Spark counts slots only for profiles that it has seen. */
    private static ResourceProfile known(ResourceProfileManager manager, ResourceProfile profile) {
        Option<ResourceProfile> same = manager.getEquivalentProfile(profile);
        if (same.isDefined()) {
            return same.get();
        }
        manager.addResourceProfile(profile);
        return profile;
    }

    private static ResourceProfile profile(int cpus, int gpus) {
        TaskResourceRequests requests = new TaskResourceRequests().cpus(cpus);
        if (gpus > 0) {
            requests.resource(GPU, gpus);
        }
        return new ResourceProfileBuilder().require(requests).build();
    }

    /** Spark says no by an exception, which Scala does not declare. */
    private static boolean isSupported(SparkContext context, ResourceProfile profile) {
        try {
            return !context.isLocal() && context.resourceProfileManager().isSupported(profile);
        } catch (Exception refused) {
            return false;
        }
    }

    /** The profile that the stage's tasks run with. */
    ResourceProfile profile(SparkContext context) {
        return own.orElseGet(() -> context.resourceProfileManager().defaultResourceProfile());
    }

    /** Where the number of cores comes from. */
    String cores() {
        return (own.isPresent() ? "train.rank_cpus " : "spark.task.cpus ") + cpus;
    }
}
