package io.apus.jobs.train.mlflow;

/**
 * One value of a run.
 *
 * @param timestamp milliseconds since 1970
 */
record Metric(String key, double value, long timestamp, long step) {}
