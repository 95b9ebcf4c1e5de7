package io.apus.model.tuner.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.FormulaWeights;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters combined from their files, against PEFT's add_weighted_adapter. */
class LoraFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RECORDED = Path.of("src/test/resources/golden");
    /** Float32 products and decompositions against float64 ones, relative to the norm. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    @Test
    void combinesAsPeft() throws IOException {
        long baseline = Scope.liveNatives();
        JsonNode golden =
                JSON.readTree(RECORDED.resolve("peft/combined/golden.json").toFile());
        ModelConfig base = ModelConfig.read(RECORDED.resolve("qwen2"));
        golden.path("combinations").properties().forEach(each -> {
            JsonNode wanted = each.getValue();
            Combination how = combination(wanted);
            boolean decomposed = how.type().space() == CombinationType.Space.UPDATES;
            List<LoraFile> files = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            golden.path("adapters").properties().forEach(adapter -> {
                int alpha = decomposed ? 4 : adapter.getValue().path("alpha").asInt();
                files.add(written(adapter.getKey(), alpha, adapter.getValue().path("target_modules"), base));
                weights.add(adapter.getValue().path("weight").asDouble());
            });
            Path target = folder.resolve("combined");
            LoraFile.combine(files, weights, how, "qwen2", target);
            LoraFile combined = LoraFile.open("combined", target);
            combined.check(base);
            try (Scope scope = Scope.open()) {
                SortedMap<String, Factors> updates = combined.updates();
                assertThat(updates).hasSameSizeAs(wanted.path("merged"));
                wanted.path("merged")
                        .properties()
                        .forEach(e -> close(each.getKey(), e.getKey(), delta(updates, e.getKey()), e.getValue()));
            }
        });
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static Combination combination(JsonNode node) {
        return new Combination(
                CombinationType.named(node.path("combination_type").asText()),
                node.has("density") ? node.path("density").asDouble() : null,
                node.has("majority_sign_method")
                        ? node.path("majority_sign_method").asText()
                        : null,
                node.has("svd_rank") ? node.path("svd_rank").asInt() : null,
                null,
                0);
    }

    private static float[] delta(Map<String, Factors> updates, String weight) {
        Factors factors = updates.get(weight.substring(0, weight.length() - ".weight".length()));
        return Torch.toFloats(factors.product().mul(Torch.scalar(factors.scale())));
    }

    private static void close(String combination, String name, float[] got, JsonNode wanted) {
        long[] shape = {
            wanted.path("shape").get(0).asLong(), wanted.path("shape").get(1).asLong()
        };
        float[] probe = FormulaWeights.values("probe." + name, shape, 1);
        double squares = 0;
        double product = 0;
        for (int i = 0; i < got.length; i++) {
            squares += (double) got[i] * got[i];
            product += (double) got[i] * probe[i];
        }
        double norm = wanted.path("norm").asDouble();
        Offset<Double> close = Offset.offset(TOLERANCE * norm);
        assertThat(Math.sqrt(squares)).as(combination + " " + name).isCloseTo(norm, close);
        assertThat(product)
                .as(combination + " " + name)
                .isCloseTo(wanted.path("probe").asDouble(), close);
    }

    private LoraFile written(String name, int alpha, JsonNode modules, ModelConfig base) {
        return written(name, alpha, modules, base, Map.of());
    }

    /** An adapter of rank 4 by the formula, with further fields in its config. */
    private LoraFile written(String name, int alpha, JsonNode modules, ModelConfig base, Map<String, Object> fields) {
        Path target = folder.resolve(name);
        ObjectNode config = JSON.createObjectNode().put("peft_type", "LORA").put("r", 4);
        config.put("lora_alpha", alpha).put("base_model_name_or_path", "qwen2").set("target_modules", modules);
        config.setAll((ObjectNode) JSON.valueToTree(fields));
        try (Scope scope = Scope.open()) {
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            base.described().projections().forEach((module, slot) -> {
                Projection linear = slot.get();
                for (JsonNode suffix : modules) {
                    if (module.endsWith("." + suffix.asText())) {
                        put(tensors, name, module + ".lora_A.weight", 4, linear.inFeatures());
                        put(tensors, name, module + ".lora_B.weight", linear.outFeatures(), 4);
                    }
                }
            });
            PeftFiles.write(target, config, tensors);
        }
        return LoraFile.open(name, target);
    }

    private static void put(SortedMap<String, Tensor> tensors, String adapter, String factor, long... shape) {
        String name = PeftFiles.PREFIX + factor;
        float[] values = FormulaWeights.values(adapter + "." + name, shape, 1);
        tensors.put(name, Torch.floats(values).reshape(shape));
    }

    @Test
    void whatDoesNotFitIsSaidInOneLine() throws IOException {
        ModelConfig base = ModelConfig.read(RECORDED.resolve("qwen2"));
        ModelConfig wide = base.with("intermediate_size", 96);
        JsonNode modules = JSON.readTree("[\"down_proj\"]");
        LoraFile first = written("first", 4, modules, base);
        LoraFile other = written("other", 4, modules, wide);
        assertThatThrownBy(() -> other.check(base))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("Adapter other is for another base model", "mlp.down_proj", "names qwen2");
        Combination cat = Combination.of(CombinationType.CAT);
        assertThatThrownBy(() ->
                        LoraFile.combine(List.of(first, other), List.of(1.0, 1.0), cat, "", folder.resolve("none")))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("for first and [", "They belong to different base models.");
        Map<String, Object> wrong = Map.of("r", 8);
        LoraFile faulty = written("faulty", 4, modules, base, wrong);
        assertThatThrownBy(() -> faulty.check(base)).hasMessageContaining("have not the rank 8 of its config");
        for (Map<String, Object> fields : List.<Map<String, Object>>of(
                Map.of("use_dora", true),
                Map.of("peft_type", "LOHA"),
                Map.of("modules_to_save", List.of("lm_head")),
                Map.of("bias", "all"),
                Map.of("init_lora_weights", "pissa"))) {
            assertThatThrownBy(() -> written("special", 4, modules, base, fields))
                    .as(fields.toString())
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("Cannot combine adapter special");
        }
        assertThat(Files.exists(folder.resolve("none"))).isFalse();
    }

    /** Singular values above a quantile of all numbers are cut, and a rank beyond the linear's is filled with zeros. */
    @Test
    void decompositionsMayBeClampedAndFilled() throws IOException {
        ModelConfig base = ModelConfig.read(RECORDED.resolve("qwen2"));
        LoraFile file = written("one", 4, JSON.readTree("[\"q_proj\"]"), base);
        Path target = folder.resolve("clamped");
        LoraFile.combine(
                List.of(file), List.of(2.0), new Combination(CombinationType.SVD, null, null, 40, 0.75, 0), "", target);
        try (Scope scope = Scope.open()) {
            LoraFile.open("clamped", target).updates().values().forEach(factors -> {
                assertThat(factors.rank()).isEqualTo(40);
                double most = factors.up().abs().max().item_double();
                assertThat(factors.down().abs().max().item_double()).isCloseTo(most, Offset.offset(1e-7));
            });
        }
    }
}
