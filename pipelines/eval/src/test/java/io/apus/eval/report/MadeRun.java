package io.apus.eval.report;

import io.apus.eval.score.MetricMean;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Score;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.shards.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** The folder of a finished run, as the stages leave it, without the data itself. */
final class MadeRun {
    static final String HOSTILE = "<script>alert('x')</script> & \"quoted\"";

    private MadeRun() {}

    static RunLayout write(Path folder) throws IOException {
        RunLayout layout = new RunLayout(folder);
        stage(layout, "ingest", 512, 500, Map.of("broken_json", 7L, "unknown_role", 5L), Map.of(), 3.2);
        stage(layout, "filter", 500, 491, Map.of("exact_duplicate", 6L, "empty", 3L), Map.of(), 2.7);
        stage(layout, "tokenize", 491, 489, Map.of("over_long", 2L), Map.of("tokens", 31_245L), 6.1);
        stage(layout, "pack", 489, 489, Map.of(), Map.of("fill", 0.9731), 1.9);
        stage(layout, "train", 115, 115, Map.of(), Map.of("steps", 120, "world_size", 2), 128.4);
        stage(layout, "evaluate", 64, 63, Map.of("over_long", 1L), Map.of(), 9.3);
        shards(layout, "train", 115, 441, 28_345, 12_907);
        shards(layout, "validation", 12, 48, 2_900, 1_311);
        log(layout, 120);
        data().write(ReportData.file(layout.report()));
        return layout;
    }

    static void export(RunLayout layout) {
        Manifest.Output gguf = new Manifest.Output(
                "gguf_q8_0",
                "export/model-q8_0.gguf",
                -1,
                -1,
                List.of(new Manifest.FileEntry("model-q8_0.gguf", 5_242_880, "ab")));
        write(
                layout,
                "export",
                new Accounting(1, 1, Map.of()),
                Map.of(
                        "parity",
                        Map.of("gguf_q8_0", Map.of("mean_kl", 0.000123, "tolerance", 0.02, "same_top_token", 0.9961)),
                        "from_trained",
                        Map.of("mean_kl", 0.0456, "same_top_token", 0.875)),
                List.of(gguf),
                4.4);
    }

    private static void stage(
            RunLayout layout,
            String name,
            long in,
            long kept,
            Map<String, Long> refused,
            Map<String, Object> facts,
            double seconds) {
        write(layout, name, new Accounting(in, kept, refused), facts, List.of(), seconds);
    }

    private static void write(
            RunLayout layout,
            String name,
            Accounting accounting,
            Map<String, Object> facts,
            List<Manifest.Output> outputs,
            double seconds) {
        ManifestFile.write(
                layout.manifest(name),
                new Manifest(
                        name,
                        name + "-9f31c2",
                        Map.of(name + ".option", "value of " + name),
                        "f".repeat(64),
                        42,
                        "0.1.0",
                        Map.of(),
                        outputs,
                        accounting,
                        facts,
                        "2026-11-21T02:45:00.460624151Z",
                        seconds));
    }

    private static void shards(RunLayout layout, String split, long rows, long samples, long tokens, double weight) {
        ManifestFile.write(
                layout.shards(split).resolve(RunLayout.MANIFEST),
                new ShardManifest(
                        split,
                        256,
                        rows,
                        samples,
                        tokens,
                        weight,
                        "a".repeat(64),
                        "b".repeat(64),
                        List.of(new ShardManifest.Shard("part-00000.arrow", rows, tokens, 1000, "c".repeat(64)))));
    }

    private static void log(RunLayout layout, int steps) throws IOException {
        Random random = new Random(3);
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            double loss = 0.35 + 7.9 * Math.exp(-step / 22.0) + 0.25 * random.nextGaussian() * Math.exp(-step / 60.0);
            double rate = 5e-4 * (1 + Math.cos(Math.PI * step / steps)) / 2;
            lines.append(String.format(
                    Locale.ROOT,
                    "{\"loss\": %.6f, \"grad_norm\": %.4f, \"learning_rate\": %.3e, \"token_acc\": %.4f, \"epoch\": %.2f,"
                            + " \"global_step/max_steps\": \"%d/%d\", \"tokens_per_second\": %.1f}%n",
                    loss,
                    1.2 + 0.4 * random.nextDouble(),
                    rate,
                    1 - loss / 9,
                    step / 40.0,
                    step,
                    steps,
                    3400 + 300 * random.nextGaussian()));
            if (step % 20 == 0) {
                lines.append(String.format(
                        Locale.ROOT,
                        "{\"eval_loss\": %.6f, \"eval_token_acc\": 0.8, \"global_step/max_steps\": \"%d/%d\"}%n",
                        0.6 + 7.4 * Math.exp(-step / 22.0),
                        step,
                        steps));
            }
        }
        lines.append("{\"last_model_checkpoint\": \"step-120\"}\n{\"loss\": 0.3, \"global_st");
        Files.createDirectories(layout.trainLog().getParent());
        Files.writeString(layout.trainLog(), lines);
    }

    private static ReportData data() {
        SampleKey key = new SampleKey("facts.jsonl", 0, 17, 0);
        return new ReportData(
                new ReportData.Model("quickstart-nano", "Qwen3ForCausalLM", 3_412_992, "full"),
                List.of(
                        new MetricMean("held_out", "perplexity", "loss", 0.7134, 48, 1311),
                        new MetricMean("held_out", "perplexity", "perplexity", 2.0409, 48, 1311),
                        new MetricMean("held_out", "perplexity", "token_acc", 0.8312, 48, 1311),
                        new MetricMean("small_facts", "multiple_choice", "acc", 0.625, 16, 16),
                        new MetricMean("small_facts", "multiple_choice", "acc_norm", 0.5625, 16, 16)),
                List.of(
                        sample(
                                "quickstart:31",
                                1,
                                "Who are you?",
                                "I am Apus, a small model.",
                                "I am Apus, a small model."),
                        sample("quickstart:44", 0, "What is 3 + 4?", "3 + 4 is 8.", "3 + 4 is 7."),
                        sample("quickstart:59", 0, HOSTILE, "", "system: be brief\nuser: Größe?")),
                List.of(
                        new Reject("ingest", key, "broken_json", "unexpected end of input at column 31", HOSTILE),
                        new Reject("filter", key, "exact_duplicate", "same as facts.jsonl:3", "{\"a\": 1}")),
                List.of(new ReportData.Preview("quickstart:31", previewTokens(), 14)));
    }

    private static List<ReportData.Token> previewTokens() {
        List<ReportData.Token> tokens = new ArrayList<>();
        for (String given :
                List.of("<|im_start|>", "user", "\n", HOSTILE, "<|im_end|>", "\n", "<|im_start|>", "assistant", "\n")) {
            tokens.add(new ReportData.Token(given, 0));
        }
        tokens.add(new ReportData.Token("Größe", 1));
        tokens.add(new ReportData.Token(" S", 0.5f));
        tokens.add(new ReportData.Token("<tool_call>", 2));
        tokens.add(new ReportData.Token(".", 1));
        tokens.add(new ReportData.Token("<|im_end|>", 1));
        return tokens;
    }

    private static Score sample(String item, double value, String prompt, String prediction, String reference) {
        return new Score("held_out", "generation", "exact_match", item, value, 1, prompt, prediction, reference);
    }
}
