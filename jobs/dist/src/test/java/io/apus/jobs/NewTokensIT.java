package io.apus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.corpus.vocabulary.CreatedModel;
import io.apus.corpus.vocabulary.WordCounts;
import io.apus.jobs.eval.ModelFolders;
import io.apus.jobs.launch.Run;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.testkit.SharedReference;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs with tokens that the model did not have, as a user starts them. */
class NewTokensIT {
    private static final String TEXT = "<|call|>seven<|wing|>";

    @TempDir
    static Path folder;

    private static int before;

    private static Path model() throws Exception {
        Path base = folder.resolve("base");
        CreateModelSpec shape = new CreateModelSpec(null, 300, 16, 32, 2, 2, 1, 8, 64, null, false);
        before = CreatedModel.write(
                        base,
                        shape,
                        WordCounts.count(List.of("what is seven, what is seven").iterator()))
                .size();
        try (DecoderModel model = DecoderModel.random(ModelConfig.read(base), 1)) {
            model.save(base, 1 << 30);
        }
        return base;
    }

    @Test
    void theyAreTrainedExportedAndReadBack() throws Exception {
        Path base = model();
        Files.writeString(folder.resolve("tokens.txt"), "<|wing|>\n");
        Files.writeString(
                folder.resolve("data.jsonl"),
                IntStream.range(0, 12)
                        .mapToObj(row -> "{\"query\": \"what " + row + "\", \"response\": \"" + TEXT + row + "\"}\n")
                        .collect(Collectors.joining()));

        Path full = run(base, "full", "--tuner_type", "full", "--formats", "hf", "gguf_f16");
        reads(full.resolve("export/hf"), full.resolve("export/hf"));
        Path lora = run(base, "lora", "--modules_to_save", "embed_tokens", "lm_head", "--formats", "hf");
        reads(lora.resolve("export/hf"), lora.resolve("export/hf"));
        reads(null, lora.resolve("train/model"));
    }

    private static Path run(Path base, String name, String... more) throws Exception {
        Path out = folder.resolve(name);
        List<String> flags = new ArrayList<>(List.of(
                "--model",
                base.toString(),
                "--dataset",
                folder.resolve("data.jsonl").toString(),
                "--new_special_tokens",
                "<|call|>",
                folder.resolve("tokens.txt").toString(),
                "--output_dir",
                out.toString(),
                "--master",
                "local[2]",
                "--spark_conf",
                "spark.ui.enabled=false",
                "spark.sql.shuffle.partitions=1",
                "--split_dataset_ratio",
                "0.2",
                "--max_length",
                "64",
                "--max_steps",
                "2",
                "--save_strategy",
                "no",
                "--report_to",
                "none",
                "--max_new_tokens",
                "2"));
        flags.addAll(List.of(more));
        new Run(
                        RunSpecReader.read(Optional.empty(), List.of(), flags),
                        SharedReference.projectRoot().resolve("conf"),
                        new PrintStream(new ByteArrayOutputStream()))
                .execute(Stages.inOrder());
        return out;
    }

    private static void reads(Path base, Path trained) {
        Tokenizer tokenizer = Tokenizers.load(trained);
        int[] ids = tokenizer.ids(TEXT);
        assertThat(ids).startsWith(before).endsWith(before + 1);
        assertThat(tokenizer.decode(ids, false)).isEqualTo(TEXT);
        try (DecoderModel model =
                ModelFolders.of(base, base == null ? trained : null).load()) {
            assertThat(model.config().vocabSize()).isEqualTo(before + 2);
            assertThat(model.embedding().weight().shape()[0]).isEqualTo(before + 2);
        }
    }
}
