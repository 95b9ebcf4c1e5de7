package io.apus.jobs.launch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run did, as one JSON object: {@code result.json} and the last line of standard output.
 *
 * @param outputDir the run's folder
 * @param seconds wall-clock duration of this start, skipped stages included
 * @param report the evaluation's report, or null
 * @param model the folder to talk to, or null
 * @param paths everything that the stages wrote, by "stage/output"
 * @param stages the stages, in order
 */
public record RunSummary(
        @JsonProperty("output_dir") String outputDir,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("report") String report,
        @JsonProperty("model") String model,
        @JsonProperty("paths") Map<String, String> paths,
        @JsonProperty("stages") List<StageSummary> stages) {
    private static final String FILE = "result.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** One stage of the summary; the names are those of {@link Manifest}. */
    public record StageSummary(
            @JsonProperty("stage") String stage,
            @JsonProperty("commit") String commit,
            @JsonProperty("skipped") boolean skipped,
            @JsonProperty("seconds") double seconds,
            @JsonProperty("in") long in,
            @JsonProperty("kept") long kept,
            @JsonProperty("refused") Map<String, Long> refused,
            @JsonProperty("facts") Map<String, Object> facts) {
        static StageSummary of(StageReport report) {
            Manifest manifest = report.manifest();
            return new StageSummary(
                    manifest.stage(),
                    manifest.commit(),
                    report.skipped(),
                    manifest.seconds(),
                    manifest.accounting().in(),
                    manifest.accounting().kept(),
                    manifest.accounting().refused(),
                    manifest.facts());
        }
    }

    static RunSummary of(RunLayout layout, List<StageReport> reports, double seconds) {
        Map<String, String> paths = new TreeMap<>();
        for (StageReport report : reports) {
            for (Manifest.Output output : report.manifest().outputs()) {
                paths.put(
                        report.manifest().stage() + "/" + output.name(),
                        layout.root().resolve(output.path()).toString());
            }
        }
        List<StageSummary> stages = reports.stream().map(StageSummary::of).toList();
        return new RunSummary(
                layout.root().toString(), seconds, existing(layout.report()), model(layout), paths, stages);
    }

    /** One line of JSON. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a summary is plain data", e);
        }
    }

    void write() {
        AtomicFile.write(Path.of(outputDir).resolve(FILE), (toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What a person wants to know at the end; the JSON comes behind it. */
    List<String> closingLines() {
        List<String> lines = new ArrayList<>();
        if (report != null) {
            lines.add("Report:     " + report);
        }
        if (model != null) {
            lines.add("Model:      " + model);
            lines.add("Talk to it: ./apus infer --model " + (model.contains(" ") ? "'" + model + "'" : model));
        }
        return lines;
    }

    private static String model(RunLayout layout) {
        return existing(layout.exported("hf"));
    }

    private static String existing(Path path) {
        return Files.exists(path) ? path.toString() : null;
    }
}
