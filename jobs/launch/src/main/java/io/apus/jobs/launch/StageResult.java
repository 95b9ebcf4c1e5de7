package io.apus.jobs.launch;

import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import java.util.List;
import java.util.Map;

/**
 * What a stage did, for its manifest.
 *
 * @param outputs what it wrote, with paths relative to the run's folder
 * @param accounting rows in, kept and refused
 * @param facts further numbers by name; they go to the manifest, the run's summary and the report
 */
public record StageResult(List<Manifest.Output> outputs, Accounting accounting, Map<String, Object> facts) {}
