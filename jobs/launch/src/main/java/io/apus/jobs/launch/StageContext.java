package io.apus.jobs.launch;

import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * What a stage is given.
 *
 * @param spark the session
 * @param spec the run's settings
 * @param layout where the run's files lie
 * @param inputs the manifests of the stages it reads, by stage name
 * @param conf the folder of catalogs ({@code conf}): {@code datasets/}, {@code evals/}, {@code models/}
 * @param progress where it reports how far it is
 */
public record StageContext(
        SparkSession spark,
        RunSpec spec,
        RunLayout layout,
        Map<String, Manifest> inputs,
        Path conf,
        Progress progress) {}
