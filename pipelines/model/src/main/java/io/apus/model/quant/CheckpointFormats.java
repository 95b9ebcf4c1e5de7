package io.apus.model.quant;

import static io.apus.schemas.Registry.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.quant.format.AqlmWeight;
import io.apus.model.quant.format.AwqWeight;
import io.apus.model.quant.format.Eetq;
import io.apus.model.quant.format.FourBitWeight;
import io.apus.model.quant.format.GptqWeight;
import io.apus.model.quant.format.HqqWeight;
import io.apus.model.quant.format.PackedWeight;
import io.apus.model.quant.format.QuantisedWeight;
import io.apus.model.quant.format.ScaledWeight;
import io.apus.model.quant.format.StoredLinear;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The formats of quantised checkpoints, by {@code quantization_config.quant_method} in config.json. */
public final class CheckpointFormats {
    /** The key of config.json. */
    public static final String KEY = "quantization_config";

    private static final int DEFAULT_GROUP = 128;
    /** Packs experts that are one parameter for all of them, see {@link io.apus.model.quant.format.Mxfp4}. */
    private static final String EXPERTS = "mxfp4";

    private static final String SCALE = "weight_scale";
    private static final String INVERSE = "weight_scale_inv";

    private static final Registry<Function<JsonNode, CheckpointFormat>> ALL = Registry.of(
            "quant_method of a checkpoint",
            entry("bitsandbytes", CheckpointFormats::bitsAndBytes),
            entry("gptq", CheckpointFormats::gptq),
            entry("awq", CheckpointFormats::awq),
            entry("fp8", CheckpointFormats::fp8),
            entry("fbgemm_fp8", config -> CheckpointFormat.of(SCALE, ScaledWeight::readScaled)),
            entry("compressed-tensors", CheckpointFormats::compressedTensors),
            entry("hqq", config -> CheckpointFormat.of("W_q", HqqWeight::read)),
            entry("aqlm", config -> CheckpointFormat.of("codes", AqlmWeight::read)),
            entry("eetq", config -> CheckpointFormat.of("weight_scales", Eetq::read)),
            // Experts that are one parameter for all of them; no linear is stored this way.
            entry(EXPERTS, config -> new CheckpointFormat(List.of(), CheckpointFormats::noLinear)));

    private CheckpointFormats() {}

    public static Set<String> names() {
        return ALL.names();
    }

    /** The format that {@code config}, a whole config.json, names; empty where it names none. An unknown one is a {@link UserError}. */
    public static Optional<CheckpointFormat> of(JsonNode config) {
        return method(config).map(method -> ALL.get(method).apply(config.path(KEY)));
    }

    /** The checkpoint's quant_method; empty for a plain one. */
    public static Optional<String> method(JsonNode config) {
        JsonNode quantisation = config.path(KEY);
        if (!quantisation.isObject()) {
            return Optional.empty();
        }
        // The first checkpoints of bitsandbytes do not name it.
        boolean old = quantisation.path("load_in_4bit").asBoolean()
                || quantisation.path("load_in_8bit").asBoolean();
        return Optional.of(quantisation.path("quant_method").asText(old ? "bitsandbytes" : ""));
    }

    /** Whether the checkpoint of {@code config}, a whole config.json, packs experts and no linear. */
    public static boolean experts(JsonNode config) {
        return method(config).filter(EXPERTS::equals).isPresent();
    }

    private static CheckpointFormat bitsAndBytes(JsonNode config) {
        String state = "weight.quant_state.bitsandbytes__";
        return new CheckpointFormat(
                List.of(state + "nf4", state + "fp4", "SCB"),
                linear -> linear.has("SCB") ? ScaledWeight.readInt8(linear) : FourBitWeight.read(linear));
    }

    private static CheckpointFormat gptq(JsonNode config) {
        String layout = config.path("checkpoint_format").asText("gptq");
        known("checkpoint_format", layout, Set.of("gptq", "gptq_v2"));
        refuseOverrides(config, "dynamic");
        int bits = config.path("bits").asInt(4);
        long group = config.path("group_size").asLong(DEFAULT_GROUP);
        int version = layout.equals("gptq_v2") ? 2 : 1;
        return CheckpointFormat.of("qweight", linear -> GptqWeight.read(linear, bits, group, version));
    }

    private static CheckpointFormat awq(JsonNode config) {
        known("version", config.path("version").asText("gemm").toLowerCase(Locale.ROOT), Set.of("gemm"));
        int bits = config.path("bits").asInt(config.path("w_bit").asInt(4));
        long group =
                config.path("group_size").asLong(config.path("q_group_size").asLong(DEFAULT_GROUP));
        return CheckpointFormat.of("qweight", linear -> AwqWeight.read(linear, bits, group));
    }

    private static CheckpointFormat fp8(JsonNode config) {
        JsonNode block = config.path("weight_block_size");
        long rows = block.path(0).asLong(ScaledWeight.BLOCK);
        long columns = block.path(1).asLong(ScaledWeight.BLOCK);
        return new CheckpointFormat(
                List.of(INVERSE, SCALE),
                linear -> linear.has(INVERSE)
                        ? ScaledWeight.readBlocks(linear, rows, columns)
                        : ScaledWeight.readScaled(linear));
    }

    private static CheckpointFormat compressedTensors(JsonNode config) {
        String format = config.path("format").asText();
        known("format", format, Set.of("pack-quantized", "float-quantized", "int-quantized", "naive-quantized"));
        return new CheckpointFormat(List.of("weight_packed", SCALE), CheckpointFormats::compressed);
    }

    private static QuantisedWeight compressed(StoredLinear linear) {
        if (linear.has("weight_packed")) {
            return PackedWeight.read(linear);
        }
        linear.require(!linear.has("weight_zero_point"), "weight_zero_point", "belongs to a packed format only");
        return ScaledWeight.readScaled(linear);
    }

    private static QuantisedWeight noLinear(StoredLinear linear) {
        throw new IllegalStateException(linear.module() + " is a linear, mxfp4 keeps experts only");
    }

    private static void known(String key, String value, Set<String> values) {
        if (!values.contains(value)) {
            throw new UserError(
                    "Cannot load quantised weights",
                    KEY + "." + key + " is \"" + value + "\"",
                    "Known: " + String.join(", ", values.stream().sorted().toList()) + ".");
        }
    }

    private static void refuseOverrides(JsonNode config, String key) {
        if (!config.path(key).isMissingNode() && !config.path(key).isEmpty()) {
            throw new UserError(
                    "Cannot load quantised weights",
                    KEY + "." + key + " gives single linears settings of their own",
                    "Use a checkpoint with one setting for all.");
        }
    }
}
