package io.apus.spark.ui;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Something that a training run reported. It passes through Spark's listener bus, so the event log has it and the history server shows
 * the run long after it ended.
 *
 * @param run identifies the run within the application
 * @param time milliseconds since 1970
 * @param report a JSON object with a {@code type}
 */
public record TrainingEvent(String run, long time, JsonNode report) implements SparkListenerEvent {}
