package io.apus.jobs.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.eval.score.MetricMean;
import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.model.DecoderModel;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.BaseQuantisation;
import io.apus.schemas.World;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ShardWriter;
import io.apus.tensor.Scope;
import io.apus.train.TrainReports;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter is measured on the base that it was trained on. */
class QuantisedBaseTest {
    private static final int HELD_OUT = 6;
    /** Sums over samples instead of rows, float32. */
    private static final double ROUNDING = 2e-6;

    @TempDir
    Path folder;

    private RunLayout layout;

    @BeforeEach
    void rows() throws IOException {
        layout = new RunLayout(folder.resolve("out"));
        shards(Splits.TRAIN, 8);
        shards(Splits.VALIDATION, HELD_OUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bnb 4", "hqq 4", "fp8 8"})
    void evaluationFindsTheLossThatTrainingFound(String quantisation) throws IOException {
        TinyFolder.write(folder.resolve("model"), 5);
        requireTrainedLoss(quantisation);
    }

    /** LoRA beside the quantised tensor of all experts, and beside the other linears. */
    @Test
    void expertsInOneTensorAreTheOnesThatWereTrainedOn() throws IOException {
        TinyFolder.writeExperts(folder.resolve("model"), 5);
        requireTrainedLoss(
                "bnb 4", "--target_parameters", "block_sparse_moe.output_linear.weight", "--lora_dropout", "0");
    }

    private void requireTrainedLoss(String quantisation, String... more) {
        RunSpec spec = spec(quantisation, more);
        TrainResult trained = train(spec);

        assertThat(loss(spec)).isCloseTo(trained.evalLoss(), within(ROUNDING));
        List<String> stored = new ArrayList<>(List.of(more));
        stored.addAll(List.of("--base_as_trained", "false"));
        RunSpec asStored = spec(quantisation, stored.toArray(String[]::new));
        assertThat(Math.abs(loss(asStored) - trained.evalLoss()))
                .as("on the base as it is stored")
                .isGreaterThan(20 * ROUNDING);
        assertThat(BaseQuantisation.read(layout.trainedModel()))
                .isEqualTo(spec.model().quantise());
        long before = Scope.liveNatives();
        try (DecoderModel loaded = ModelFolders.of(null, layout.trainedModel()).load();
                DecoderModel bare = DecoderModel.load(
                        folder.resolve("model"), Quantisers.of(spec.model().quantise()))) {
            assertThat(loaded.parameters().keySet())
                    .as("the base stays quantised under its adapter")
                    .containsAll(bare.parameters().keySet());
        }
        assertThat(Scope.liveNatives()).isEqualTo(before);
    }

    private RunSpec spec(String quantisation, String... more) {
        List<String> flags =
                new ArrayList<>(List.of("--model", folder.resolve("model").toString(), "--dataset", "d"));
        flags.addAll(List.of("--output_dir", layout.root().toString(), "--max_steps", "3", "--learning_rate", "2e-2"));
        flags.addAll(List.of("--per_device_train_batch_size", "2", "--gradient_accumulation_steps", "1"));
        flags.addAll(List.of("--eval_strategy", "steps", "--eval_steps", "3", "--save_strategy", "no"));
        String[] words = quantisation.split(" ", 2);
        flags.addAll(List.of("--report_to", "none", "--quant_method", words[0], "--quant_bits", words[1]));
        flags.addAll(List.of(more));
        return RunSpecReader.read(Optional.empty(), List.of(), flags);
    }

    private TrainResult train(RunSpec spec) {
        Path model = folder.resolve("model");
        TrainTask task = TrainTask.of(
                layout,
                model,
                model,
                false,
                List.of(),
                spec.train(),
                spec.tuner(),
                spec.model().quantise(),
                spec.seed(),
                new TreeMap<>());
        return Trainer.run(task, World.alone(), TrainReports.none());
    }

    private double loss(RunSpec spec) {
        EvalWork work = new EvalWork(
                ModelSource.trained(spec, layout, "commit"),
                CodecSettings.of(spec.tokenize()),
                layout.shards(Splits.VALIDATION).toString(),
                1,
                0,
                42);
        List<String> outcomes = new ArrayList<>();
        work.call(List.of(EvalUnit.heldOut(0, HELD_OUT).toJson()).iterator()).forEachRemaining(outcomes::add);
        LoadedModels.SHARED.freeIdle();
        return MetricMean.of(outcomes.stream()
                        .flatMap(outcome -> EvalUnit.outcomeFromJson(outcome).scores().stream())
                        .sorted(MetricMean.ORDER)
                        .toList())
                .stream()
                .filter(mean -> mean.metric().equals(MetricMean.LOSS))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private void shards(String split, int rows) throws IOException {
        try (ShardWriter writer = new ShardWriter(layout.shards(split), split, 32, "0".repeat(64), 1000)) {
            for (int i = 0; i < rows; i++) {
                int[] ids = (split + " " + i + " yes and no").chars().toArray();
                float[] weights = new float[ids.length];
                Arrays.fill(weights, ids.length / 2, ids.length, 1);
                writer.add(new PackedRow(ids, weights, new int[] {ids.length}, List.of("x.jsonl:" + i)));
            }
            writer.commit();
        }
    }
}
