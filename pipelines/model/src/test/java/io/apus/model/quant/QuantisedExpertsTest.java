package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.WeightBytes;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.FusedExperts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.PlainBank;
import io.apus.model.layer.expert.SharedExpert;
import io.apus.model.quant.format.FourBitType;
import io.apus.model.quant.format.FourBitWeight;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.DType;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Experts are quantised one by one, whether files hold each as a module of its own or all of them in one tensor. */
class QuantisedExpertsTest {
    private static final int EXPERTS = 5;
    private static final int WIDTH = 24;
    private static final Map<String, Object> SIZES = Map.of(
            "hidden_size",
            64,
            "num_experts",
            EXPERTS,
            "num_local_experts",
            EXPERTS,
            "num_experts_per_tok",
            2,
            "moe_intermediate_size",
            WIDTH);
    /** Of matrices that files hold as [in, out], the quantised ones lie the other way: their products round otherwise, and steps of 0.1 make more of it. */
    private static final float ROUNDING = 5e-5f;

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    private Path folder;

    private long baseline;

    @BeforeEach
    void count() {
        baseline = Scope.liveNatives();
    }

    static Stream<Arguments> banks() {
        List<QuantiseSpec> methods = QuantisersTest.methods();
        return Stream.concat(
                methods.stream().map(spec -> Arguments.of("GptOssForCausalLM", spec)),
                Stream.of("GraniteMoeForCausalLM", "DbrxForCausalLM")
                        .map(family -> Arguments.of(family, methods.get(1))));
    }

    @ParameterizedTest
    @MethodSource("banks")
    void anExpertIsQuantisedAsItsLinearWouldBe(String family, QuantiseSpec spec) {
        Quantiser quantiser = Quantisers.of(spec).orElseThrow();
        try (Scope scope = Scope.open();
                DecoderModel plain = saved(family);
                DecoderModel model = DecoderModel.load(folder, Optional.of(quantiser))) {
            assertThat(model.quantised())
                    .isEqualTo(model.projections().keySet().stream()
                                    .filter(quantiser::takes)
                                    .count()
                            + model.expertSlots().size());
            assertThat(count(model)).isEqualTo(plain.config().parameterCount());
            assertThat(WeightBytes.of(plain.config(), quantiser).floats() + packedBytes(model))
                    .isEqualTo(bytes(model));
            List<ExpertSlot> slots = plain.expertSlots();
            for (int i = 0; i < slots.size(); i++) {
                QuantisedBank bank = (QuantisedBank) model.expertSlots().get(i).get();
                Tensor stored = ((PlainBank) slots.get(i).get()).weight().tensor();
                for (int expert = 0; expert < EXPERTS; expert++) {
                    QuantisedLinear own = (QuantisedLinear) bank.experts().get(expert);
                    try (QuantisedLinear alone =
                            quantiser.quantise("alone", linear(slots.get(i).name(), stored, expert), null)) {
                        assertThat(own.dequantise().equal(alone.dequantise()))
                                .as(slots.get(i).name() + " of expert " + expert)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    /** The weight [out, in] that the tensors of transformers' modules mean. */
    private static Tensor linear(String name, Tensor stored, int expert) {
        if (name.contains("_linear.")) {
            return stored.select(0, expert).contiguous();
        }
        Tensor lying =
                name.contains(".ffn.") ? stored.narrow(0, (long) expert * WIDTH, WIDTH) : stored.select(0, expert);
        return (name.matches(".*\\.[wv]1") ? lying : lying.t()).contiguous();
    }

    /** Three steps of LoRA on the quantised model are those on a model whose plain weights are the dequantised ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "MixtralForCausalLM",
                "Qwen3MoeForCausalLM",
                "DeepseekV2ForCausalLM",
                "GptOssForCausalLM",
                "GraniteMoeForCausalLM",
                "DbrxForCausalLM"
            })
    void trainingIsThatOfTheDequantisedModel(String family) {
        try (Scope scope = Scope.open()) {
            saved(family).close();
            for (boolean checkpointed : new boolean[] {false, true}) {
                try (DecoderModel model = DecoderModel.load(folder, nf4());
                        DecoderModel plain = DecoderModel.load(folder, nf4())) {
                    assertThat(model.quantised()).isPositive();
                    plain.dequantise();
                    assertThat(plain.quantised()).isZero();
                    float[] ours = trained(model, checkpointed);
                    float[] theirs = trained(plain, checkpointed);
                    assertThat(ours).hasSameSizeAs(theirs).hasSizeGreaterThan(1000);
                    assertThat(ours[0]).isEqualTo(theirs[0]);
                    if (family.matches("GptOss.*|Dbrx.*")) {
                        assertThat(ours).containsExactly(theirs, within(ROUNDING));
                    } else {
                        assertThat(ours).isEqualTo(theirs);
                    }
                }
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    /** Losses of three steps, and what the adapter is then. */
    private static float[] trained(DecoderModel model, boolean checkpointed) {
        tuner(model).attach(model, 3);
        List<Parameter> learn = model.parameters().values().stream()
                .filter(Parameter::trainable)
                .toList();
        FloatBuffer values = FloatBuffer.allocate(
                3 + (int) learn.stream().mapToLong(Parameter::count).sum());
        for (int step = 0; step < 3; step++) {
            values.put(step(model, checkpointed));
            learn.forEach(QuantisedExpertsTest::descend);
        }
        assertThat(values.get(2)).isLessThan(values.get(0));
        learn.forEach(parameter -> values.put(Torch.toFloats(parameter.tensor().detach())));
        return values.array();
    }

    private static float step(DecoderModel model, boolean checkpointed) {
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(TinyModels.ids(24, 1), 10, 14);
            float[] weights = new float[batch.tokens()];
            Arrays.fill(weights, 1);
            return (float) new Backpropagation(model, checkpointed)
                    .step(batch, LinearCrossEntropy.of(batch, weights, 1.0 / 22), 1, GradientSink.none())
                    .meanLoss();
        }
    }

    private static void descend(Parameter parameter) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            parameter
                    .gradient()
                    .ifPresent(gradient -> parameter.tensor().detach().sub_(gradient.mul(Torch.scalar(0.1))));
        }
        parameter.clearGradient();
    }

    /** LoRA on every linear, and on every weight of all experts where files have such. */
    private static Tuner tuner(DecoderModel model) {
        List<String> banks = model.expertSlots().stream()
                .map(slot -> slot.name().replaceFirst("^.*?\\.\\d+\\.", ""))
                .distinct()
                .toList();
        Map<String, Object> targets = Map.of("targetParameters", banks);
        return Tuners.of(Specs.tuner("lora", Map.of("targets", targets, "lora", Specs.loraGroup(Map.of()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GptOssForCausalLM", "DbrxForCausalLM"})
    void mergingMakesFloats(String family) {
        try (Scope scope = Scope.open()) {
            saved(family).close();
            try (DecoderModel model = DecoderModel.load(folder, nf4())) {
                refused(() -> model.save(folder.resolve("out"), 1 << 30), "of its weights are quantised");
                refused(() -> Tuners.of(TunerSpec.of("full")).attach(model, 1), "of its weights are quantised");
                Tuner tuner = tuner(model);
                disturbed(model, tuner);
                float[] adapted = logits(model);
                tuner.merge(model);
                assertThat(model.expertSlots()).allMatch(slot -> slot.get() instanceof PlainBank);
                assertThat(logits(model)).containsExactly(adapted, within(1e-4f));
                model.dequantise();
                model.save(folder.resolve("out"), 1 << 30);
                try (DecoderModel again = DecoderModel.load(folder.resolve("out"))) {
                    assertThat(logits(again)).isEqualTo(logits(model));
                }
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static void disturbed(DecoderModel model, Tuner tuner) {
        tuner.attach(model, 3);
        Torch.seed(5);
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            model.parameters().values().stream()
                    .filter(Parameter::trainable)
                    .forEach(parameter -> parameter.tensor().detach().normal_(0, 0.1, null));
        }
    }

    private static void refused(Runnable action, String cause) {
        assertThatThrownBy(action::run).isInstanceOf(UserError.class).hasMessageContaining(cause);
    }

    /** Forward and back, no more than one expert's matrix is floats at a time; a graph would hold them all. */
    @Test
    void oneExpertIsDequantisedAtATime() {
        int hidden = 64;
        int experts = 6;
        try (Scope scope = Scope.open();
                WatchedWeight weight = new WatchedWeight(
                        FourBitWeight.quantise(torch.randn(hidden, hidden), FourBitType.NF4, 64, false));
                QuantisedLinear one = new QuantisedLinear("one", weight, DType.F32, null)) {
            ExpertSlot both = new ExpertSlot(new QuantisedBank(
                    "both", ExpertLayout.plain(hidden, hidden), Collections.nCopies(experts, (Projection) one)));
            Tensor states = torch.randn(2L * experts, hidden).requires_grad_(true);
            Tensor results = torch.cat(
                    new FusedExperts(both, Optional.empty(), both, Optional.empty(), gated -> gated)
                            .forward(
                                    states.split(2, 0),
                                    IntStream.range(0, experts).toArray(),
                                    true),
                    0);
            assertThat(weight.given()).isEqualTo(2 * experts);
            assertThat(weight.held()).isZero();
            results.sum().backward();
            assertThat(new Tensor(states.grad()).defined()).isTrue();
            assertThat(weight.given()).isEqualTo(4 * experts);
            assertThat(weight.held()).isZero();
            assertThat(weight.most()).isEqualTo(1);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    /** A rank of expert parallelism computes with its own experts alone, and no other is quantised. */
    @Test
    void expertsThatNobodyUsesAreNotQuantised() {
        try (Scope scope = Scope.open();
                DecoderModel plain = saved("GptOssForCausalLM");
                DecoderModel model =
                        DecoderModel.open(folder, nf4(), name -> name.matches(".*layers\\.1\\..*proj\\.[34]"))) {
            ExpertSlot first = model.expertSlots().get(0);
            ExpertSlot second = model.expertSlots().get(2);
            assertThat(first.get()).isInstanceOf(PlainBank.class);
            QuantisedBank bank = (QuantisedBank) second.get();
            assertThat(bank.experts().get(2).parameters().get(0).unread()).isPresent();
            Tensor stored =
                    ((PlainBank) plain.expertSlots().get(2).get()).weight().tensor();
            assertThat(bank.experts().get(2).parameters().get(0).tensor().equal(linear(second.name(), stored, 2)))
                    .isTrue();
            assertThat(bank.experts().get(4)).isInstanceOf(QuantisedLinear.class);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    /** What chooses experts is never quantised, whatever a family calls it; the experts always are. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bailing_moe",
                "bailing_moe_v2",
                "dbrx",
                "deepseek_v1_moe",
                "deepseek_v2",
                "deepseek_v3",
                "dots1",
                "ernie4_5_moe",
                "glm4_moe",
                "gpt_oss",
                "granitemoe",
                "hunyuan_v1_moe",
                "hy_v3",
                "minimax_m2",
                "mixtral",
                "olmoe",
                "phimoe",
                "qwen2_moe",
                "qwen3_moe",
                "qwen3_next"
            })
    void routersAreLeftAlone(String family) {
        Quantiser quantiser = nf4().orElseThrow();
        Set<String> routers = new HashSet<>();
        Set<String> others = new HashSet<>();
        ModelConfig.read(GOLDEN.resolve(family)).described().blocks().forEach(block -> {
            block.slots().forEach(slot -> others.add(slot.name()));
            if (block.mlp() instanceof MixtureOfExperts mixture) {
                routers.add(mixture.router().map().name());
                mixture.shared().flatMap(SharedExpert::gate).ifPresent(gate -> routers.add(gate.name()));
            }
        });
        others.removeAll(routers);
        assertThat(routers).isNotEmpty().noneMatch(quantiser::takes);
        assertThat(others).isNotEmpty().allMatch(quantiser::takes);
    }

    private DecoderModel saved(String family) {
        DecoderModel model = DecoderModel.random(config(family), 12);
        model.save(folder, 1 << 30);
        return model;
    }

    private static ModelConfig config(String family) {
        Map<String, Object> more =
                switch (family) {
                    case "DbrxForCausalLM" ->
                        Map.of(
                                "d_model",
                                64,
                                "n_layers",
                                2,
                                "n_heads",
                                4,
                                "ffn_config",
                                Map.of("ffn_hidden_size", WIDTH, "moe_num_experts", EXPERTS, "moe_top_k", 2),
                                "attn_config",
                                Map.of("kv_n_heads", 2));
                    case "DeepseekV2ForCausalLM" ->
                        Map.of(
                                "n_routed_experts",
                                EXPERTS,
                                "n_shared_experts",
                                1,
                                "kv_lora_rank",
                                16,
                                "q_lora_rank",
                                16,
                                "qk_nope_head_dim",
                                8,
                                "qk_rope_head_dim",
                                8,
                                "v_head_dim",
                                8);
                    default -> Map.of();
                };
        Map<String, Object> all = new HashMap<>(SIZES);
        all.putAll(more);
        return TinyModels.config(family, all).with("num_hidden_layers", 2);
    }

    private static Optional<Quantiser> nf4() {
        return Quantisers.of(new QuantiseSpec("bnb", 4, null, null, null, null, null));
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }

    private static long count(DecoderModel model) {
        return model.parameters().values().stream().mapToLong(Parameter::count).sum();
    }

    private static long bytes(DecoderModel model) {
        return model.parameters().values().stream().mapToLong(Parameter::bytes).sum();
    }

    private static long packedBytes(DecoderModel model) {
        return model.parameters().values().stream()
                .filter(Parameter::isPacked)
                .mapToLong(p -> Torch.bytes(p.tensor()))
                .sum();
    }
}
