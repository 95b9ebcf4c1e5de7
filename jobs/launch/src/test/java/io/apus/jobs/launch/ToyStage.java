package io.apus.jobs.launch;

import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A stage that writes one small file and counts how often it ran. */
final class ToyStage implements Stage {
    private final String name;
    private final List<String> inputs;
    private final List<String> sections;
    private final boolean resumes;
    final List<String> found = new ArrayList<>();
    RuntimeException failure;
    RuntimeException noRoom;
    String outputPath;
    int runs;

    ToyStage(String name, List<String> inputs, List<String> sections, boolean resumes) {
        this.name = name;
        this.inputs = inputs;
        this.sections = sections;
        this.resumes = resumes;
        this.outputPath = name + "/out";
    }

    /** Three stages in a row that read each other, of which the last resumes. */
    static List<ToyStage> chain() {
        return List.of(
                new ToyStage("ingest", List.of(), List.of("ingest"), false),
                new ToyStage("pack", List.of("ingest"), List.of("pack"), false),
                new ToyStage("train", List.of("pack"), List.of("train"), true));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public List<String> sections() {
        return sections;
    }

    @Override
    public boolean resumes() {
        return resumes;
    }

    @Override
    public void checkRoom(RunSpec spec) {
        if (noRoom != null) {
            throw noRoom;
        }
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        return List.of("writes one file");
    }

    @Override
    public StageResult run(StageContext context) throws Exception {
        runs++;
        Path folder = context.layout().stage(name);
        for (java.io.File file : folder.toFile().listFiles()) {
            if (!file.isHidden()) {
                found.add(file.getName());
            }
        }
        context.progress().begin(name, 1);
        Files.writeString(folder.resolve("part"), "half");
        if (failure != null) {
            throw failure;
        }
        Files.writeString(folder.resolve("out"), name);
        context.progress().end("done");
        Manifest.Output output = new Manifest.Output(
                "out", outputPath, -1, 1, List.of(new Manifest.FileEntry("out", name.length(), "")));
        return new StageResult(List.of(output), new Accounting(3, 2, Map.of("bad", 1L)), Map.of("tokens", 7));
    }
}
