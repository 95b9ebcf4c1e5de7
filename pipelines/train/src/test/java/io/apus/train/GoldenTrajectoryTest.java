package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.World;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.shards.ShardWriter;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Eight steps of transformers' trainer, step by step, and the weights after them. */
class GoldenTrajectoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double TOLERANCE = 3e-6;
    /** Keys' biases cancel in softmax: their gradient is rounding error alone, which Adam blows up to whole steps. */
    private static final double KEY_BIAS_TOLERANCE = 1e-3;
    /** The reference logs four decimals. */
    private static final double LOGGED_LOSS_DIGITS = 5.1e-5;

    private static final int ROWS = 32;
    private static final int LENGTH = 24;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "adamw_cosine,false",
        "adamw_cosine,true",
        "adamw_linear_bf16off_wd0,false",
        "adafactor,false",
        "sgd,true"
    })
    void followsTheReferenceTrainer(String name, boolean checkpointed) throws IOException {
        Torch.threads(1);
        Path golden = SharedReference.path("golden/train");
        Path model = SharedReference.path("golden/models/qwen2");
        JsonNode reference =
                JSON.readTree(golden.resolve("trajectories.json").toFile()).get(name);
        ShardManifest data = writeRows(golden.resolve("data.safetensors"), folder.resolve("shards"));
        List<JsonNode> steps = new ArrayList<>();

        TrainTask task = new TrainTask(
                model.toString(),
                model.toString(),
                false,
                List.of(),
                folder.resolve("shards").toString(),
                null,
                folder.resolve("out").toString(),
                spec(reference.get("args"), checkpointed),
                TinyRun.tuner("full"),
                QuantiseSpec.none(),
                0,
                ModelFiles.fingerprint(model),
                data.contentSha256(),
                data.tokenizerSha256(),
                new TreeMap<>(),
                null);
        Trainer.run(task, World.alone(), line -> TinyRun.addStep(steps, line));

        assertThat(steps).hasSize(8);
        for (int i = 0; i < steps.size(); i++) {
            compare(steps.get(i), reference.get("log").get(i));
        }
        compareWeights(folder.resolve("out/model/model.safetensors"), golden.resolve(name + ".final.safetensors"));
    }

    private static void compare(JsonNode ours, JsonNode theirs) {
        double norm = theirs.get("grad_norm").asDouble();
        assertThat(ours.get("loss").asDouble()).isCloseTo(theirs.get("loss").asDouble(), within(LOGGED_LOSS_DIGITS));
        assertThat(ours.get("grad_norm").asDouble()).isCloseTo(norm, within(TOLERANCE * norm));
        assertThat(ours.get("learning_rate").asDouble())
                .isCloseTo(theirs.get("learning_rate").asDouble(), within(1e-17));
    }

    private static void compareWeights(Path ours, Path theirs) {
        try (Scope scope = Scope.open();
                SafeTensorsFile mine = SafeTensorsFile.open(ours);
                SafeTensorsFile reference = SafeTensorsFile.open(theirs)) {
            assertThat(mine.names()).isEqualTo(reference.names());
            for (String name : mine.names()) {
                float[] a = Torch.toFloats(mine.tensor(name));
                float[] b = Torch.toFloats(reference.tensor(name));
                double tolerance = name.endsWith("k_proj.bias") ? KEY_BIAS_TOLERANCE : TOLERANCE;
                for (int i = 0; i < a.length; i++) {
                    assertThat(a[i]).as(name).isCloseTo(b[i], within((float) tolerance));
                }
            }
        }
    }

    /** The rows as they are, which is the order that the reference took them in, without padding. */
    private static ShardManifest writeRows(Path data, Path folder) throws IOException {
        try (Scope scope = Scope.open();
                SafeTensorsFile file = SafeTensorsFile.open(data);
                ShardWriter writer = new ShardWriter(folder, "train", LENGTH, "none", 1 << 20)) {
            long[] ids = Torch.toLongs(file.tensor("input_ids"));
            long[] labels = Torch.toLongs(file.tensor("labels"));
            long[] mask = Torch.toLongs(file.tensor("attention_mask"));
            for (int row = 0; row < ROWS; row++) {
                int from = row * LENGTH;
                int length = (int) Arrays.stream(mask, from, from + LENGTH).sum();
                int[] tokens = new int[length];
                float[] weights = new float[length];
                for (int i = 0; i < length; i++) {
                    tokens[i] = (int) ids[from + i];
                    weights[i] = i > 0 && labels[from + i] >= 0 ? 1 : 0;
                }
                writer.add(new PackedRow(tokens, weights, new int[] {length}, List.of("row-" + row)));
            }
            return writer.commit();
        }
    }

    private static TrainSpec spec(JsonNode args, boolean checkpointed) {
        return TinyRun.spec(options -> {
            options.put(
                    "perDeviceTrainBatchSize",
                    args.get("per_device_train_batch_size").asInt());
            options.put(
                    "gradientAccumulationSteps",
                    args.get("gradient_accumulation_steps").asInt());
            options.put("maxSteps", args.get("max_steps").asInt());
            options.put("learningRate", args.get("learning_rate").asDouble());
            options.put("weightDecay", args.get("weight_decay").asDouble());
            options.put("adamBeta2", args.get("adam_beta2").asDouble());
            options.put("maxGradNorm", args.get("max_grad_norm").asDouble());
            options.put("optim", args.get("optim").asText());
            options.put("lrSchedulerType", args.get("lr_scheduler_type").asText());
            options.put("warmupSteps", args.path("warmup_steps").asInt(0));
            options.put("warmupRatio", args.path("warmup_ratio").asDouble(0));
            options.put("trainDataloaderShuffle", false);
            options.put("gradientCheckpointing", checkpointed);
        });
    }
}
