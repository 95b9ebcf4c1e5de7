package io.apus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark runs and measures the same work for all its contenders; the numbers themselves are nobody's promise here. */
class BenchmarksTest {
    @TempDir
    Path folder;

    private Path data;

    /** Compiling Spark's queries takes longer than running them over a handful of rows. */
    @BeforeAll
    static void interpretQueries() {
        System.setProperty("spark.sql.codegen.wholeStage", "false");
        System.setProperty("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    }

    @AfterAll
    static void compileQueries() {
        System.clearProperty("spark.sql.codegen.wholeStage");
        System.clearProperty("spark.sql.codegen.factoryMode");
    }

    @BeforeEach
    void writeData() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        List<String> lines = new ArrayList<>(IntStream.range(0, 24)
                .mapToObj(i -> "{\"query\": \"What is " + i + " plus one?\", \"response\": \"It is " + (i + 1) + ".\"}")
                .toList());
        lines.add("{broken");
        Files.write(data.resolve("sums.jsonl"), lines);
    }

    /** The kit for machines with a GPU, as its own test: on the CPU, which agrees with itself in float32 to the last bit. */
    @Test
    void gpuKitRunsOnTheCpu() throws IOException {
        Path kept = Files.createDirectories(folder.resolve("cases/qwen2"));
        Files.copy(Path.of("../model/src/test/resources/golden/qwen2/config.json"), kept.resolve("config.json"));
        Path out = folder.resolve("out");
        JsonNode tables = tables(
                new GpuBench(),
                "--device",
                "cpu",
                "--sizes",
                "tiny",
                "--tokens",
                "64",
                "--warmups",
                "1",
                "--steps",
                "1",
                "--cases",
                kept.getParent().toString(),
                "--out",
                out.toString());
        assertThat(tables).hasSize(3);
        assertThat(column(tables.get(1), "within")).containsExactly("yes", "yes");
        assertThat(tables.get(1).path("rows").get(0).path("gradient error").asDouble())
                .isZero();
        assertThat(column(tables.get(2), "method"))
                .containsExactly("full", "full", "full", "full", "lora", "lora", "lora", "lora");
        assertThat(tables.get(2).path("rows"))
                .allSatisfy(row -> assertThat(row.path("tokens/s").asDouble()).isPositive());
        assertThat(Files.readString(out.resolve("gpu.md")))
                .contains("| tiny | full | F32 learned, BF16 frozen | packed | no | 64 |");
        assertThat(out.resolve("gpu.json")).exists();
    }

    @Test
    void dataBenchCountsTheSameTokensForEveryWay() throws IOException {
        JsonNode tables = tables(
                new DataBench(),
                "--data",
                data.toString(),
                "--rounds",
                "1",
                "--lengths",
                "128",
                "--characters",
                "20000",
                "--pack_samples",
                "100");
        assertThat(tables).hasSize(4);
        assertThat(column(tables.get(0), "kept")).containsExactly("24", "24", "24");
        List<String> tokens = column(tables.get(1), "result");
        assertThat(tokens.get(4)).isEqualTo("24"); // turns of the assistant
        assertThat(List.of(tokens.get(0), tokens.get(1), tokens.get(2), tokens.get(3), tokens.get(5)))
                .containsOnly(tokens.get(0));
        assertThat(column(tables.get(2), "text")).contains("sums.jsonl");
        assertThat(column(tables.get(3), "strategy")).hasSize(6);
    }

    @Test
    void shardBenchReadsTheSameValuesFromEveryFormat() throws IOException {
        JsonNode table = tables(
                        new ShardBench(),
                        "--data",
                        data.toString(),
                        "--packed_rows",
                        "40",
                        "--length",
                        "128",
                        "--rounds",
                        "1")
                .get(0);
        assertThat(column(table, "format")).hasSize(4);
        assertThat(column(table, "sum"))
                .hasSize(4)
                .containsOnly(column(table, "sum").get(0))
                .doesNotContain("0");
    }

    @Test
    void ranksBenchTrainsOnOneRankAndOnTwo() throws IOException {
        JsonNode tables = tables(
                new RanksBench(),
                "--size",
                "tiny",
                "--tokens",
                "64",
                "--passes",
                "1",
                "--steps",
                "6",
                "--rounds",
                "1",
                "--megabytes",
                "1",
                "--save_steps",
                "2");
        assertThat(column(tables.get(0), "MB")).containsExactly("1.0");
        assertThat(column(tables.get(2), "save_steps")).containsExactly("2");
        assertThat(Double.parseDouble(column(tables.get(2), "checkpoint MB").get(0)))
                .isPositive();
        assertThat(column(tables.get(1), "ranks")).containsExactly("2");
    }

    @Test
    void parallelBenchTrainsByAPlanAsOneRankDoes() throws IOException {
        JsonNode table = tables(new ParallelBench(), "--steps", "3", "--tokens", "32", "--plans", "tp=2 lora")
                .get(0);
        assertThat(Double.parseDouble(column(table, "weight difference").get(0)))
                .isLessThan(1e-4);
        assertThat(Double.parseDouble(column(table, "sent MB/step").get(0))).isPositive();
    }

    @Test
    void duplicateBenchFindsTheCopiesThatItPlants() throws IOException {
        JsonNode table = tables(new DuplicateBench(), "--documents", "100", "--words", "60")
                .get(0);
        assertThat(column(table, "planted")).containsExactly("0", "20", "20");
        assertThat(column(table, "refused")).containsExactly("0", "0", "20");
    }

    @Test
    void pipelineBenchTakesMadeRowsThroughEveryStage() throws IOException {
        JsonNode table =
                tables(new PipelineBench(), "--mib", "1", "--max_length", "256").get(0);
        assertThat(column(table, "stage"))
                .containsExactly("ingest", "filter", "tokenize", "pack", "all", "tokenizers library alone");
        assertThat(column(table, "out").get(3)).contains("% filled");
        assertThat(table.get("rows"))
                .allSatisfy(row -> assertThat(row.get("s").asDouble()).isPositive());
    }

    @Test
    void modelBenchComparesTheSameLoss() throws IOException {
        JsonNode tables = tables(
                new ModelBench(),
                "--size",
                "tiny",
                "--steps",
                "100",
                "--rows",
                "300",
                "--rounds",
                "1",
                "--tokens",
                "40",
                "--hidden",
                "16",
                "--vocabulary",
                "500");
        assertThat(Set.copyOf(column(tables.get(0), "live natives"))).hasSize(1);
        assertThat(column(tables.get(1), "way"))
                .containsExactly("samples alone", "packed row", "mask of tokens squared");
        List<String> losses = column(tables.get(2), "loss");
        assertThat(Double.parseDouble(losses.get(1))).isCloseTo(Double.parseDouble(losses.get(0)), Offset.offset(1e-5));
        assertThat(column(tables.get(3), "layer")).containsExactly("norm", "norm of heads", "rotation", "gate");
    }

    @Test
    void packBenchPacksAllItMakes() throws IOException {
        JsonNode table = tables(new PackBench(), "--samples", "2000", "--mean", "30", "--max_length", "256")
                .get(0);
        assertThat(column(table, "step")).containsExactly("making the samples", "packing", "placement");
        assertThat(column(table, "out").get(1)).contains("% filled");
    }

    @Test
    void trainBenchReportsAShareOfTheMachinesRateAndAPeak() throws IOException {
        JsonNode table = tables(new TrainBench(), "--sizes", "tiny", "--tokens", "64", "--steps", "1")
                .get(0);
        assertThat(column(table, "mode")).containsExactly("plain", "checkpointed");
        for (JsonNode row : table.get("rows")) {
            assertThat(row.get("share %").asDouble()).isPositive();
            assertThat(row.get("peak MB").asDouble()).isGreaterThan(10);
        }
    }

    @Test
    void quantBenchMeasuresEveryWayToHoldABase() throws IOException {
        JsonNode table = tables(
                        new QuantBench(),
                        "--size",
                        "nano",
                        "--tokens",
                        "32",
                        "--steps",
                        "1",
                        "--methods",
                        "f32,nf4-double")
                .get(0);
        assertThat(column(table, "base")).containsExactly("f32", "f32", "nf4-double", "nf4-double");
        assertThat(table.get("rows").get(0).get("bits a weight").asDouble()).isEqualTo(32);
        assertThat(table.get("rows").get(2).get("bits a weight").asDouble()).isBetween(4.1, 4.3);
        assertThat(table.get("rows").get(3).get("training peak MB").asDouble()).isGreaterThan(10);
    }

    @Test
    void anUnknownOptionIsRefusedWithTheNearest() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            assertThat(new TrainBench().run(new String[] {"--step", "1"})).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("Did you mean --steps?");
    }

    private JsonNode tables(Benchmark benchmark, String... arguments) throws IOException {
        Path json = folder.resolve("report.json");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--json", json.toString()));
        assertThat(benchmark.run(all.toArray(String[]::new))).isZero();
        JsonNode report = new JsonMapper().readTree(json.toFile());
        assertThat(report.get("machine").get("cores").asInt()).isPositive();
        return report.get("tables");
    }

    private static List<String> column(JsonNode table, String name) {
        List<String> values = new ArrayList<>();
        table.get("rows").forEach(row -> values.add(row.get(name).asText()));
        return values;
    }
}
