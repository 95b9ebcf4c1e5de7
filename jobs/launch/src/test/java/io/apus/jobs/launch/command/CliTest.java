package io.apus.jobs.launch.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

class CliTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void runPrintsTheSummaryLastAndWritesIt() throws IOException {
        Path file = runFile();

        assertThat(apus("run", file.toString())).as(err::toString).isZero();

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        String last = lines.get(lines.size() - 1);
        assertThat(folder.resolve("out/result.json")).hasContent(last);
        JsonNode summary = new ObjectMapper().readTree(last);
        assertThat(summary.get("stages").get(0).get("facts").get("spark").asText())
                .isEqualTo("3.5");
        assertThat(summary.get("stages").get(0).get("refused").get("bad").asInt())
                .isEqualTo(1);
        assertThat(summary.get("model").asText())
                .isEqualTo(folder.resolve("out/export/hf").toString());
        assertThat(lines).contains("Model:      " + folder.resolve("out/export/hf"));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theSameRunFromFlagsIsCommittedAlready() throws IOException {
        apus("run", runFile().toString());
        out.reset();

        assertThat(apus(
                        "sft",
                        "--model",
                        "m",
                        "--dataset",
                        "d",
                        "--output_dir",
                        folder.resolve("out").toString(),
                        "--master",
                        "local[1]"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"skipped\":true");
        out.reset();
        assertThat(apus("stages", runFile().toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("export +committed +3 +2 +[0-9.]+");
    }

    @Test
    void aPlanRunsNothing() throws IOException {
        assertThat(apus("plan", runFile().toString())).isZero();
        assertThat(apus("sft", "--model", "m", "--dataset", "d", "--dry_run")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("export  [to do]", "    a plan line")
                .contains("local-cluster[2,1,1024]");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void mistakesExitWithTwoAndOneClearLine() {
        assertThat(apus("sft", "--modl", "m", "--dataset", "d")).isEqualTo(2);
        assertThat(errors()).startsWith("Cannot run: 2 problems\n  --modl: unknown option; did you mean --model?\n");
        assertThat(apus("rn")).isEqualTo(2);
        assertThat(errors()).startsWith("Unknown command \"rn\": did you mean \"run\"? Known: run, sft, pt,");
        assertThat(apus("run")).isEqualTo(2);
        assertThat(errors()).startsWith("Cannot run: no run file given. Usage: apus run FILE");
        assertThat(apus()).isEqualTo(2);
        assertThat(errors()).startsWith("Give a command: run, sft");
        out.reset();
        assertThat(apus("stages", "none.yaml")).isEqualTo(2);
        assertThat(errors()).contains("there is no file none.yaml");
        assertThat(out.size()).as("no table of nothing").isZero();
        assertThat(apus("stage", "exprt", "x.yaml")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo("Unknown stage: \"exprt\" is not known. Did you mean \"export\"? Known: export.\n");
    }

    @Test
    void aBugExitsWithOneAndItsStackTrace() {
        assertThat(apus("be-broken")).isEqualTo(1);
        assertThat(errors()).contains("java.lang.IllegalStateException: a bug", "\tat ");
    }

    @Test
    void commandsAreSpeltWithEitherDash() {
        assertThat(apus("be_broken")).isEqualTo(1);
    }

    @Test
    void helpListsEveryOptionWithItsDefault() {
        assertThat(apus("sft", "--help")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "train: how the model is trained",
                        "  --max_length N\n",
                        "numerator of the update's scale, alpha / rank [32.0]")
                .contains("or its id on a hub: owner/name, with hf:: or ms:: before it; required");
        assertThat(apus("--help")).isZero();
        assertThat(apus("--version")).isZero();
    }

    private Path runFile() throws IOException {
        return Files.writeString(
                folder.resolve("run.yaml"),
                "output_dir: '" + folder.resolve("out")
                        + "'\ncluster: {master: 'local[1]'}\nmodel: {model: m}\ningest: {dataset: d}\n");
    }

    private int apus(String... words) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream error = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Cli(List.of(new OneStage()), List.of(new Broken()), print, error).execute(words);
    }

    private String errors() {
        String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }

    @Command(name = "be-broken")
    private static final class Broken implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("a bug");
        }
    }

    /** Writes a folder where an exported model would lie. */
    private static final class OneStage implements Stage {
        @Override
        public String name() {
            return "export";
        }

        @Override
        public List<String> inputs() {
            return List.of();
        }

        @Override
        public List<String> sections() {
            return List.of("export");
        }

        @Override
        public List<String> plan(RunSpec spec, RunLayout layout) {
            return List.of("a plan line");
        }

        @Override
        public StageResult run(StageContext context) throws IOException {
            Files.createDirectories(context.layout().exported("hf"));
            String version = context.spark().version().substring(0, 3);
            return new StageResult(
                    List.of(new Manifest.Output("hf", "export/hf", -1, -1, List.of())),
                    new Accounting(3, 2, Map.of("bad", 1L)),
                    Map.of("spark", version));
        }
    }
}
