package io.apus.jobs.launch.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TrainSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSpecReaderTest {
    @TempDir
    Path folder;

    @Test
    void yamlAndFlagsMakeTheSameRun() throws IOException {
        RunSpec yaml = read(
                """
                output_dir: out
                seed: 7
                cluster:
                  master: local[2]
                  spark_conf:
                    spark.ui.enabled: false
                model:
                  create:
                    hidden_size: 64
                    tie_word_embeddings: false
                ingest:
                  dataset: [a.jsonl, 'b.csv#10']
                  columns: {question: query}
                tokenize:
                  max_length: 128
                pack:
                  packing: true
                tuner:
                  tuner_type: full
                train:
                  learning_rate: 2e-5
                  save_strategy: no
                  num_train_epochs: 1
                export:
                  formats: [hf, gguf_f16]
                """);

        RunSpec flags = flags(
                "--output_dir",
                "out",
                "--seed",
                "7",
                "--master",
                "local[2]",
                "--spark_conf",
                "spark.ui.enabled=false",
                "--hidden_size",
                "64",
                "--tie_word_embeddings",
                "false",
                "--dataset",
                "a.jsonl",
                "b.csv#10",
                "--columns",
                "{\"question\": \"query\"}",
                "--max_length",
                "128",
                "--packing",
                "--tuner_type=full",
                "--learning-rate",
                "2e-5",
                "--save_strategy",
                "no",
                "--num_train_epochs",
                "1",
                "--formats",
                "hf",
                "--formats",
                "gguf_f16");

        assertThat(flags).isEqualTo(yaml);
        assertThat(yaml.train().learningRate()).isEqualTo(2e-5);
        assertThat(yaml.train().saveStrategy()).isEqualTo("no");
        assertThat(yaml.ingest().columns()).isEqualTo(Map.of("question", "query"));
    }

    @Test
    void everyOptionCanBeWrittenBothWays() throws IOException {
        Map<String, String> samples = Map.ofEntries(
                Map.entry("model", "folder"),
                Map.entry("torch_dtype", "float32"),
                Map.entry("lora_bias", "all"),
                Map.entry("adalora_target_r", "4"),
                Map.entry("lora_ga_direction", "ArBr"),
                Map.entry("lora_ga_scale", "unit"),
                Map.entry("lora_dtype", "float32"),
                Map.entry("tuner_type", "full"),
                Map.entry("optim", "adafactor"),
                Map.entry("optimizer", "muon"),
                Map.entry("galore_proj_type", "left"),
                Map.entry("galore_proj_bits", "8"),
                Map.entry("lisa_activated_layers", "0"),
                Map.entry("metric_for_best_model", "token_acc"),
                Map.entry("parallel", "dp=1"),
                Map.entry("deepspeed", "zero1"),
                Map.entry("fsdp", "fsdp2"),
                Map.entry("fsdp_config", "version=2"),
                Map.entry("device_map", "lm_head=cpu"),
                Map.entry("max_memory", "cpu=20GiB"),
                Map.entry("sequence_parallel_size", "1"),
                Map.entry("ddp_bucket_cap_mb", "25"),
                Map.entry("rank_gpus", "0"),
                Map.entry("quant_method", "fp8"),
                Map.entry("quant_bits", "8"),
                Map.entry("hqq_axis", "0"),
                Map.entry("bnb_4bit_compute_dtype", "bfloat16"),
                Map.entry("bnb_4bit_quant_type", "fp4"),
                Map.entry("bnb_4bit_quant_storage", "uint8"),
                Map.entry("loss_scale", "all"),
                Map.entry("template_backend", "jinja"),
                Map.entry("lr_scheduler_type", "linear"),
                Map.entry("save_strategy", "epoch"),
                Map.entry("eval_strategy", "epoch"),
                Map.entry("report_to", "none"),
                Map.entry("max_shard_size", "1GB"),
                Map.entry("packing_strategy", "sequential"),
                Map.entry("stopping_strategy", "all_exhausted"),
                Map.entry("template_mode", "rlhf"),
                Map.entry("truncation_strategy", "left"));
        for (Option option : OptionCatalog.INSTANCE.keys().stream()
                .map(k -> OptionCatalog.INSTANCE.keyed(k).orElseThrow())
                .toList()) {
            String value = samples.getOrDefault(
                    option.name(),
                    switch (option.kind()) {
                        case TEXT, LIST -> "text";
                        case INTEGER, LONG -> "1000000";
                        case DOUBLE -> "0.5";
                        case NUMBERS -> "1.0";
                        case BOOLEAN -> "false";
                        case FILTERS -> "empty";
                        case MAP -> "k=v";
                    });
            boolean nested = option.section().startsWith("model");
            List<String> model = nested ? List.of("--tuner_type", "full") : List.of("--model", "m");
            if (option.section().equals("model") && !option.name().equals("model")) {
                model = List.of("--model", "m");
            }
            List<String> base = option.name().equals("dataset") ? model : concat(model, "--dataset", "d");
            if (option.name().equals("quant_bits") || option.name().startsWith("bnb_4bit_")) {
                base = concat(base, "model.quant_method=bnb", "model.quant_bits=4");
            }
            if (option.name().equals("resume_only_model") || option.name().equals("ignore_data_skip")) {
                base = concat(base, "--resume_from_checkpoint", "step-8");
            }
            if (option.name().equals("fsdp_config")) {
                base = concat(base, "--fsdp", "full_shard");
            }
            if (option.name().equals("max_memory")) {
                base = concat(base, "--device_map", "auto");
            }
            if (option.name().equals("hqq_axis")) {
                base = concat(base, "--quant_method", "hqq", "--quant_bits", "4");
            }
            if (option.name().startsWith("freeze_") || option.name().startsWith("trainable_")) {
                base = concat(base, "--tuner_type", "full");
            }
            if (option.name().equals("boft_block_num")) {
                base = concat(base, "--boft_block_size", "0");
            }
            if (option.name().equals("llamapro_num_groups")) {
                value = "2";
            }
            if (option.name().equals("agent_template")) {
                base = concat(base, "--template", "chatml");
            }
            if (option.name().equals("num_key_value_heads") || option.name().equals("num_attention_heads")) {
                value = "2";
            }
            RunSpec flag = RunSpecReader.read(Optional.empty(), List.of(), concat(base, "--" + option.name(), value));
            RunSpec dotted = RunSpecReader.read(Optional.empty(), List.of(), concat(base, option.key() + "=" + value));
            assertThat(SpecText.of(flag)).as(option.key()).isEqualTo(SpecText.of(dotted));
            assertThat(SpecText.of(flag).get(option.key()))
                    .as(option.key())
                    .contains(value.substring(value.indexOf('=') + 1));
        }
    }

    @Test
    void fsdpMayBeWordsOrJsonOrAFileOfIt() throws IOException {
        String json =
                """
                {"_note": "as ms-swift's preset", "fsdp": "shard_grad_op auto_wrap offload",
                 "fsdp_config": {"fsdp_version": 2, "state_dict_type": "SHARDED_STATE_DICT", "activation_checkpointing": true}}
                """;
        Path file = Files.writeString(folder.resolve("fsdp.json"), json);
        List<String> run =
                List.of("--model", "m", "--dataset", "d", "--world_size", "2", "--gradient_checkpointing", "false");

        for (String value : List.of(json, file.toString())) {
            RunSpec spec = RunSpecReader.read(Optional.empty(), run, List.of("--fsdp", value));
            assertThat(spec.train().parallelPlan().zero()).isEqualTo(2);
            assertThat(spec.train().parallelPlan().offloadOptimiser()).isTrue();
            assertThat(spec.train().gradientCheckpointing()).isTrue();
        }
        RunSpec words = RunSpecReader.read(Optional.empty(), run, List.of("--fsdp", "full_shard auto_wrap"));
        assertThat(words.train().parallelPlan().zero()).isEqualTo(3);
        assertThat(words.train().gradientCheckpointing()).isFalse();
        assertThat(problems("--model", "m", "--dataset", "d", "--fsdp", "{\"fsdp_version\": 2}"))
                .containsExactly("train.fsdp: its JSON may have fsdp and fsdp_config, and has fsdp_version");
        assertThat(problems("--model", "m", "--dataset", "d", "--fsdp", "gone.json"))
                .containsExactly("train.fsdp: cannot read the file gone.json");
    }

    @Test
    void aDeviceMapIsAWordOrAMap() throws IOException {
        List<String> run = List.of("--model", "m", "--dataset", "d");
        assertThat(RunSpecReader.read(Optional.empty(), run, List.of("--device_map", "auto"))
                        .train()
                        .sharing()
                        .placement()
                        .strategy())
                .isEqualTo("auto");
        assertThat(
                        read("model: {model: m}\ningest: {dataset: d}\ntrain: {device_map: sequential, max_memory: {0: 2GiB}}\n")
                                .train()
                                .sharing()
                                .placement()
                                .limit("0"))
                .hasValue(2L << 30);
        assertThat(RunSpecReader.read(
                                Optional.empty(), run, List.of("--device_map", "{model: 0, lm_head: 1, model.norm: 1}"))
                        .train()
                        .sharing()
                        .placement()
                        .deviceMap())
                .containsEntry("lm_head", "1");
        assertThat(problems("--model", "m", "--dataset", "d", "--device_map", "disk"))
                .singleElement()
                .asString()
                .startsWith("train.device_map: \"disk\" is not one of auto, balanced, sequential");
        assertThat(problems("--model", "m", "--dataset", "d", "--device_map", "auto", "--deepspeed", "zero1"))
                .containsExactly(
                        "train.device_map: spreads whole layers of whole models: it does not go with deepspeed, fsdp, tp, pp or ep");
    }

    @Test
    void copiesThatDoNotComeOutEvenAreRefusedWithTheNumbers() {
        List<String> four = List.of("--model", "m", "--dataset", "d", "--world_size", "4", "--parallel");
        assertThat(problems(concat(four, "dp_shard=3", "--deepspeed", "zero3").toArray(String[]::new)))
                .containsExactly("train.parallel: dp_shard 3 does not divide dp 4 x cp 1 = 4");
        assertThat(problems(concat(four, "dp_shard=2").toArray(String[]::new)))
                .containsExactly("train.parallel: dp_shard is about what deepspeed or fsdp spread");
    }

    @Test
    void overridesWinOverTheFileAndTheLastWordWins() throws IOException {
        Path file = write("model: {model: m}\ningest: {dataset: d}\ntrain: {learning_rate: 1e-4, max_steps: 3}\n");

        RunSpec spec = RunSpecReader.read(
                file, List.of("--learning_rate", "5e-5", "train.learning_rate=2e-5", "ingest.dataset=[x, y]"));

        assertThat(spec.train().learningRate()).isEqualTo(2e-5);
        assertThat(spec.train().maxSteps()).isEqualTo(3);
        assertThat(spec.ingest().dataset()).containsExactly("x", "y");
        assertThat(RunSpecReader.read(file, List.of("train.learning_rate=2e-5", "--learning_rate", "5e-5"))
                        .train()
                        .learningRate())
                .isEqualTo(5e-5);
    }

    @Test
    void everyProblemIsReportedAtOnceWithTheNearestName() throws IOException {
        Path file = write(
                """
                trian: {max_steps: 3}
                model: {model: m}
                ingest: {dataset: d, split_dataset_ratio: 1.5}
                train:
                  learnig_rate: 1e-4
                  max_steps: many
                  optim: adamw_touch
                  max_length: 10
                  use_ray: true
                """);

        InvalidSpec invalid = catchThrowableOfType(
                InvalidSpec.class,
                () -> RunSpecReader.read(
                        file,
                        List.of(
                                "--num_train_epoch",
                                "2",
                                "--freeze_vit",
                                "true",
                                "--packing",
                                "maybe",
                                "tuner.lora_rnk=4")));

        assertThat(invalid.problems())
                .containsExactlyInAnyOrder(
                        "trian: unknown section or option; did you mean \"train\"?",
                        "train.learnig_rate: unknown option; did you mean \"train.learning_rate\"?",
                        "train.max_length: no such option here; it is tokenize.max_length",
                        "train.use_ray: known to ms-swift, not offered yet",
                        "--num_train_epoch: unknown option; did you mean --num_train_epochs?",
                        "--freeze_vit: known to ms-swift, not offered yet",
                        "tuner.lora_rnk: unknown option; did you mean \"tuner.lora_rank\"?",
                        "train.max_steps: \"many\" is not a whole number",
                        "train.optim: \"adamw_touch\" is not one of " + String.join(", ", TrainSpec.OPTIMISERS)
                                + "; did you mean \"adamw_torch\"?",
                        "pack.packing: \"maybe\" is not true or false",
                        "ingest.split_dataset_ratio: must be at least 0 and below 1, is 1.5");
    }

    @Test
    void somethingMissingIsNotBlamedWhenItWasGivenWrongly() throws IOException {
        assertThat(problems("--model", "m", "--dataset", "d", "--lora_rank", "-1"))
                .containsExactly("tuner.lora_rank: must be above 0, is -1");
        assertThat(problems("--head_dim", "3", "--dataset", "d"))
                .containsExactly("model.create.head_dim: must be even and above 0, is 3");
        assertThat(problems("--max_steps", "3"))
                .containsExactlyInAnyOrder(
                        "run.model: name the model to train (--model FOLDER)",
                        "run.dataset: name at least one dataset (--dataset FILE)");
    }

    @Test
    void filtersAreNamesOrMapsInTheirOrderAndAreCheckedWithEverythingElse() throws IOException {
        RunSpec yaml = read(
                """
                model: {model: m}
                ingest: {dataset: d}
                filter:
                  filters:
                    - empty
                    - {length: {min_characters: 2, max_characters: 300}}
                    - pii: {redact: [email, ip]}
                    - exact_duplicate
                """);
        RunSpec flag = flags(
                "--model",
                "m",
                "--dataset",
                "d",
                "--filters",
                "empty",
                "{length: {min_characters: 2, max_characters: 300}}",
                "{pii: {redact: [email, ip]}}",
                "exact_duplicate");

        assertThat(flag).isEqualTo(yaml);
        assertThat(SpecText.of(yaml))
                .containsEntry(
                        "filter.filters",
                        "[\"empty\",{\"length\":{\"max_characters\":\"300\",\"min_characters\":\"2\"}},"
                                + "{\"pii\":{\"redact\":[\"email\",\"ip\"]}},\"exact_duplicate\"]");
        assertThat(problems("--dataset", "d", "--lora_rank", "0", "--filters", "{length: {max_word: 3}}", "lenght"))
                .contains(
                        "filter.length.max_word: unknown option; did you mean \"max_words\"?",
                        "tuner.lora_rank: must be above 0, is 0")
                .anyMatch(line -> line.startsWith("filter.filters: \"lenght\" is not known; did you mean \"length\"?"));
        assertThat(problems("--model", "m", "--dataset", "d", "--filters", "[{length: {}, empty: {}}]"))
                .singleElement()
                .asString()
                .startsWith("filter.filters: each filter is a name, or {name: {option: value}}; found");
    }

    @Test
    void wrongUseOfFlagsIsSaid() {
        assertThat(problems("--model", "a", "b", "--dataset", "d"))
                .containsExactly("--model: takes one value; \"b\" is one too many");
        assertThat(problems("--model", "m", "--dataset", "d", "--max_steps"))
                .containsExactly("--max_steps: needs a value");
        assertThat(problems("stray", "--model", "m", "--dataset", "d"))
                .containsExactly("\"stray\": values follow a --option, or are written section.option=value");
        assertThat(problems("--model", "m", "--dataset", "d", "--learning_rate", "1d"))
                .containsExactly("train.learning_rate: \"1d\" is not a number");
    }

    @Test
    void aListTakesValuesThatLookLikeSettings() {
        RunSpec spec = flags("--model", "m", "--dataset", "split=train", "x.y=z", "train.max_steps=3");

        assertThat(spec.ingest().dataset()).containsExactly("split=train", "x.y=z");
        assertThat(spec.train().maxSteps()).isEqualTo(3);
    }

    @Test
    void aFlatFileOfMsSwiftIsRead() throws IOException {
        RunSpec spec = read("model: m\ndataset: [d]\nlearning_rate: 1e-4\nsystem: You help.\n");

        assertThat(spec)
                .isEqualTo(flags("--model", "m", "--dataset", "d", "--learning_rate", "1e-4", "--system", "You help."));
    }

    @Test
    void aClusterFileIsMergedUnderTheRun() throws IOException {
        Path cluster = folder.resolve("cluster.yaml");
        Files.writeString(cluster, "cluster: {master: 'spark://host:7077', spark_conf: {spark.executor.cores: 1}}\n");

        RunSpec fromFlag = flags("--cluster", cluster.toString(), "--model", "m", "--dataset", "d");
        RunSpec fromFile = read("cluster: '" + cluster + "'\nmodel: {model: m}\ningest: {dataset: d}\n");

        assertThat(fromFlag).isEqualTo(fromFile);
        assertThat(fromFlag.cluster().master()).isEqualTo("spark://host:7077");
        assertThat(flags("--cluster", cluster.toString(), "--model", "m", "--dataset", "d", "--master", "local[1]")
                        .cluster()
                        .master())
                .isEqualTo("local[1]");
    }

    @Test
    void aFileThatIsNoYamlIsAUserError() throws IOException {
        Path twice = write("train: {max_steps: 1}\ntrain: {max_steps: 2}\n");
        assertThatThrownBy(() -> RunSpecReader.read(twice, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Duplicate field 'train'");
        Path broken = write("train: [1\n");
        assertThatThrownBy(() -> RunSpecReader.read(broken, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line");
        assertThatThrownBy(() -> RunSpecReader.read(folder.resolve("none.yaml"), List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("Cannot read the run file: there is no file");
    }

    @Test
    void preTrainingDefaultsGiveWay() {
        List<String> defaults = List.of("--use_chat_template", "false", "--loss_scale", "all");
        RunSpec plain = RunSpecReader.read(Optional.empty(), defaults, List.of("--model", "m", "--dataset", "d"));
        RunSpec chat = RunSpecReader.read(
                Optional.empty(), defaults, List.of("--model", "m", "--dataset", "d", "--use_chat_template", "true"));

        assertThat(plain.tokenize().useChatTemplate()).isFalse();
        assertThat(plain.tokenize().lossScale()).isEqualTo("all");
        assertThat(chat.tokenize().useChatTemplate()).isTrue();
    }

    /** It would become a folder of that name beside the caller's files. */
    @Test
    void aRunsFolderIsNoUri() {
        assertThat(problems("--model", "m", "--dataset", "d", "--output_dir", "s3a://bucket/run"))
                .containsExactly("run.output_dir: give a folder that all machines have mounted, not s3a://bucket/run;"
                        + " checkpoints alone may go to other file systems (train.checkpoint_dir)");
        assertThat(flags("--model", "m", "--dataset", "d", "--output_dir", "a:b")
                        .outputDir())
                .isEqualTo("a:b");
    }

    private RunSpec read(String yaml) throws IOException {
        return RunSpecReader.read(write(yaml), List.of());
    }

    private Path write(String yaml) throws IOException {
        Path file = Files.createTempFile(folder, "run", ".yaml");
        return Files.writeString(file, yaml);
    }

    private static RunSpec flags(String... words) {
        return RunSpecReader.read(Optional.empty(), List.of(), List.of(words));
    }

    private static List<String> problems(String... words) {
        return catchThrowableOfType(InvalidSpec.class, () -> flags(words)).problems();
    }

    private static List<String> concat(List<String> first, String... rest) {
        List<String> all = new java.util.ArrayList<>(first);
        all.addAll(List.of(rest));
        return all;
    }
}
