package io.apus.jobs.launch;

import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.spec.RunSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the manifest of a stage that is done, and compares one with the settings of today. */
public final class StageManifest {
    private static final DateTimeFormatter COMMIT_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private StageManifest() {}

    /**
     * The manifest of {@code result}.
     *
     * @param inputs the manifests of the stages that were read
     * @param start when the stage began
     */
    public static Manifest of(
            RunSpec spec, Stage stage, Map<String, Manifest> inputs, StageResult result, Instant start) {
        Fingerprint fingerprint = Fingerprint.of(spec, stage.sections());
        Instant end = Instant.now();
        Map<String, String> pinned = new LinkedHashMap<>();
        inputs.forEach((name, input) -> pinned.put(name, input.commit()));
        return new Manifest(
                stage.name(),
                stage.name() + "-" + COMMIT_TIME.format(end) + "-"
                        + fingerprint.sha256().substring(0, 8),
                fingerprint.configuration(),
                fingerprint.sha256(),
                fingerprint.seed(),
                fingerprint.codeVersion(),
                pinned,
                result.outputs(),
                result.accounting(),
                result.facts(),
                start.toString(),
                (end.toEpochMilli() - start.toEpochMilli()) / 1000.0);
    }

    /** One text for each setting of {@code manifest} that {@code spec} has otherwise; empty where none does. */
    public static List<String> differences(Manifest manifest, RunSpec spec) {
        return Fingerprint.like(manifest, spec).differences(manifest);
    }
}
