package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Options of checkpoints: where they go, how they are written, which one is kept, and which one a run begins at. */
@Group
public record CheckpointSpec(
        @Doc(
                        "where checkpoints go: a shared folder or a URI of a Hadoop file system; output_dir/train/checkpoints when not given")
                String checkpointDir,
        @Doc("write checkpoints while training goes on, from a copy in memory") Boolean asyncSave,
        @Doc("leave the model of the best checkpoint instead of the last") Boolean loadBestModelAtEnd,
        @Doc("what makes a checkpoint the best, which is never removed: loss or token_acc on the validation data")
                String metricForBestModel,
        @Doc("whether more of it is better; true unless it is a loss, when not given") Boolean greaterIsBetter,
        @Doc("link the last and the best checkpoint as last and best beside them") Boolean createCheckpointSymlink,
        @Doc("checkpoint (a step-N folder) to begin at; a run goes on from its own newest one by itself")
                String resumeFromCheckpoint,
        @Doc("take the weights of resume_from_checkpoint and its place in the data, not the optimiser's state")
                Boolean resumeOnlyModel,
        @Doc("with resume_only_model: begin at step 0 and at the start of the data") Boolean ignoreDataSkip,
        @Doc("what may differ from the run that wrote the checkpoint, as the refusal names it, e.g. dataset")
                List<String> resumeAllowChanges) {
    private static final List<String> METRICS = List.of("loss", "eval_loss", "token_acc", "eval_token_acc");

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    public CheckpointSpec {
        checkpointDir = absolute(checkpointDir);
        resumeFromCheckpoint = absolute(resumeFromCheckpoint);
        asyncSave = orElse(asyncSave, true);
        loadBestModelAtEnd = orElse(loadBestModelAtEnd, false);
        metricForBestModel = orElse(metricForBestModel, "loss");
        greaterIsBetter = orElse(greaterIsBetter, !metricForBestModel.endsWith("loss"));
        createCheckpointSymlink = orElse(createCheckpointSymlink, false);
        resumeOnlyModel = orElse(resumeOnlyModel, false);
        ignoreDataSkip = orElse(ignoreDataSkip, false);
        resumeAllowChanges = resumeAllowChanges == null ? List.of() : List.copyOf(resumeAllowChanges);
        new Problems("train")
                .oneOf("metric_for_best_model", metricForBestModel, METRICS)
                .require(
                        !resumeOnlyModel || resumeFromCheckpoint != null,
                        "resume_only_model",
                        "goes with resume_from_checkpoint")
                .require(!ignoreDataSkip || resumeOnlyModel, "ignore_data_skip", "goes with resume_only_model")
                .throwIfAny();
    }

    /** Whether {@code location} is the URI of a file system rather than a path of the local one. */
    public static boolean isUri(String location) {
        return URI.matcher(location).matches();
    }

    /** Executors work in folders of their own. */
    private static String absolute(String location) {
        return location == null || isUri(location)
                ? location
                : Path.of(location).toAbsolutePath().normalize().toString();
    }

    static CheckpointSpec defaults() {
        return new CheckpointSpec(null, null, null, null, null, null, null, null, null, null);
    }
}
