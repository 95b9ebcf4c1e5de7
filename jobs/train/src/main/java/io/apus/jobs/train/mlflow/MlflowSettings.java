package io.apus.jobs.train.mlflow;

import io.apus.schemas.UserError;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Where the runs of an MLflow tracking server go, from the variables that MLflow's own client reads (mlflow.environment_variables).
 *
 * @param server http or https, without a slash at the end
 * @param experiment name; empty for the server's default experiment
 * @param runId a run to go on with
 * @param runName what to call a new run
 * @param authorization value of that HTTP header
 */
public record MlflowSettings(
        String server,
        Optional<String> experiment,
        Optional<String> runId,
        Optional<String> runName,
        Optional<String> authorization) {
    private static final String URI_NAME = "MLFLOW_TRACKING_URI";
    private static final String PROBLEM = "Cannot report to MLflow";

    /** The settings in {@code env}; a {@link UserError} where they name no server that can be reached by HTTP. */
    public static MlflowSettings of(Map<String, String> env) {
        String server = given(env, URI_NAME)
                .orElseThrow(
                        () -> new UserError(
                                PROBLEM,
                                URI_NAME + " is not set",
                                "Set it to the tracking server, e.g. http://127.0.0.1:5000, or take mlflow out of train.report_to."));
        if (!isHttp(server)) {
            throw new UserError(
                    PROBLEM,
                    URI_NAME + " is " + server + ", which is no address of a tracking server",
                    "Set it to one that begins with http:// or https://; folders and databases are written by MLflow itself.");
        }
        return new MlflowSettings(
                server.replaceAll("/+$", ""),
                given(env, "MLFLOW_EXPERIMENT_NAME"),
                given(env, "MLFLOW_RUN_ID"),
                given(env, "MLFLOW_RUN_NAME"),
                authorization(env));
    }

    private static boolean isHttp(String server) {
        try {
            URI uri = URI.create(server);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<String> authorization(Map<String, String> env) {
        Optional<String> token = given(env, "MLFLOW_TRACKING_TOKEN").map(text -> "Bearer " + text);
        return token.or(() -> given(env, "MLFLOW_TRACKING_USERNAME")
                .map(user -> "Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + env.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""))
                                        .getBytes(StandardCharsets.UTF_8))));
    }

    private static Optional<String> given(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name)).filter(value -> !value.isBlank());
    }
}
