package io.apus.jobs.launch;

import io.apus.schemas.manifest.Manifest;

/**
 * How a stage came out.
 *
 * @param manifest its commit
 * @param skipped true when it was committed already
 */
public record StageReport(Manifest manifest, boolean skipped) {}
