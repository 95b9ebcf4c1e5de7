package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.quant.format.FormatCase;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantisedCheckpointTest {
    @TempDir
    Path folder;

    static List<FormatCase> formats() {
        return FormatCase.all();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void loadsAndComputesAsItsDequantisedSelf(FormatCase format) {
        long baseline = Scope.liveNatives();
        QuantisedFolder.write(folder, format);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder);
                DecoderModel plain = DecoderModel.load(folder)) {
            assertThat(model.projections().values())
                    .allSatisfy(slot -> assertThat(slot.get()).isInstanceOf(QuantisedLinear.class));
            plain.dequantise();
            assertThat(plain.parameters().keySet())
                    .isEqualTo(QuantisedFolder.config().shapes().keySet());
            assertThat(logits(model)).isEqualTo(logits(plain)).doesNotContain(Float.NaN);
        }
        // Less where garbage of earlier tests was collected meanwhile.
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    /** The gradients of the adapter and the losses are those of a float32 model of the dequantised weights, to the bit. */
    @ParameterizedTest
    @MethodSource("formats")
    void adaptersTrainOnItAsOnItsDequantisedSelf(FormatCase format) {
        long baseline = Scope.liveNatives();
        QuantisedFolder.write(folder, format);
        for (boolean checkpointed : new boolean[] {false, true}) {
            try (Scope scope = Scope.open();
                    DecoderModel model = DecoderModel.load(folder);
                    DecoderModel plain = DecoderModel.load(folder)) {
                plain.dequantise();
                SortedMap<String, float[]> ours = gradients(model, checkpointed);
                SortedMap<String, float[]> wanted = gradients(plain, checkpointed);
                assertThat(ours.keySet()).isEqualTo(wanted.keySet()).hasSize(2 * 7 * 2);
                ours.forEach((name, gradient) -> assertThat(gradient).as(name).isEqualTo(wanted.get(name)));
                assertThat(ours.values().stream()
                                .flatMap(g -> Stream.of(Arrays.hashCode(g)))
                                .distinct())
                        .hasSizeGreaterThan(14);
            }
        }
        // Less where garbage of earlier tests was collected meanwhile.
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void anAdapterMergesIntoAFloatModel() {
        QuantisedFolder.write(folder, formats().get(1));
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder)) {
            Tuner tuner = Tuners.of(TunerSpec.of("lora"));
            tuner.attach(model, 1);
            model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .forEach(p -> p.tensor().data().add_(Torch.scalar(0.02)));
            float[] unmerged = logits(model);
            tuner.merge(model);
            model.dequantise();
            assertThat(logits(model)).containsExactly(unmerged, Offset.offset(1e-3f));
            Path saved = folder.resolve("merged");
            model.save(saved, 1 << 30);
            try (DecoderModel loaded = DecoderModel.load(saved)) {
                assertThat(logits(loaded)).isEqualTo(logits(model));
            }
        }
    }

    @Test
    void aQuantisedModelIsNotSavedAsFloatsNorTrainedInFull() {
        QuantisedFolder.write(folder, formats().get(0));
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder)) {
            refused(() -> model.save(folder.resolve("out"), 1 << 30), "14 of its weights are quantised");
            refused(() -> Tuners.of(TunerSpec.of("full")).attach(model, 1), "quantised");
        }
    }

    @Test
    void linearsThatACheckpointLeavesOutStayFloats() throws IOException {
        FormatCase format = formats().get(0);
        QuantisedFolder.write(
                folder,
                new FormatCase(
                        "some",
                        format.config(),
                        w -> w.size(0) == 128 ? format.pack().apply(w) : Map.of("weight", w)));
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder)) {
            assertThat(model.projections().values().stream()
                            .filter(slot -> slot.get() instanceof QuantisedLinear)
                            .map(slot -> slot.name().replaceAll(".*\\.", "")))
                    .containsExactly("gate_proj", "up_proj", "gate_proj", "up_proj");
            assertThat(MatrixProjection.of(model.projections()
                                    .get("model.layers.0.mlp.up_proj")
                                    .get())
                            .weightMatrix()
                            .size(0))
                    .isEqualTo(128);
        }
    }

    @Test
    void whatIsNotKnownOrDoesNotFitIsOneLine() throws IOException {
        QuantisedFolder.write(folder, formats().get(4));
        Path config = folder.resolve("config.json");
        String good = Files.readString(config);
        changed(config, good, "\"quant_method\":\"gptq\"", "\"quant_method\":\"vptq\"");
        refused(() -> DecoderModel.load(folder), "\"vptq\" is not known", "bitsandbytes, gptq, awq, fp8");
        changed(config, good, "\"group_size\":32", "\"group_size\":64");
        refused(() -> DecoderModel.load(folder), "14 of 14 quantised linears do not fit", "group_size 64");
        changed(config, good, "\"checkpoint_format\":\"gptq\"", "\"checkpoint_format\":\"marlin\"");
        refused(() -> DecoderModel.load(folder), "checkpoint_format is \"marlin\"", "Known: gptq, gptq_v2");
        changed(config, good, "\"hidden_size\":64", "\"hidden_size\":32");
        refused(() -> DecoderModel.load(folder), "Cannot load weights");
        Files.writeString(config, good);
        Optional<Quantiser> again = Optional.of(new Quantiser("x", DType.F32, Optional.empty(), w -> null));
        refused(() -> DecoderModel.load(folder, again), "says gptq", "Leave quant_method out");
    }

    private static void changed(Path config, String text, String from, String to) throws IOException {
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));
    }

    private static void refused(Runnable action, String... messages) {
        assertThatThrownBy(action::run).isInstanceOf(UserError.class).hasMessageContainingAll(messages);
    }

    private static SortedMap<String, float[]> gradients(DecoderModel model, boolean checkpointed) {
        Tuners.of(TunerSpec.of("lora")).attach(model, 3);
        model.parameters().values().stream()
                .filter(Parameter::trainable)
                .forEach(p -> p.tensor().data().add_(Torch.scalar(0.01)));
        float[] ones = new float[20];
        Arrays.fill(ones, 1);
        TokenBatch batch = TokenBatch.of(TinyModels.ids(20, 3), 12, 8);
        new Backpropagation(model, checkpointed)
                .step(batch, LinearCrossEntropy.of(batch, ones, 1), 0, GradientSink.none());
        SortedMap<String, float[]> all = new TreeMap<>();
        model.parameters().values().stream()
                .filter(p -> p.trainable() && p.gradient().isPresent())
                .forEach(p -> all.put(p.name(), Torch.toFloats(p.gradient().get())));
        return all;
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
