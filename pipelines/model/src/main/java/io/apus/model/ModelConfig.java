package io.apus.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.family.ConfigFields;
import io.apus.model.family.Families;
import io.apus.model.family.Family;
import io.apus.model.rope.RopeParameters;
import io.apus.model.rope.RopeScalings;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * A decoder's config.json, with everything that its family leaves open decided.
 *
 * @param architecture the class name that transformers gives it, e.g. {@code Qwen3ForCausalLM}
 * @param windows sliding window of each layer in tokens, 0 for none
 * @param json the file as it was read; keys that mean nothing here are kept for saving
 */
public record ModelConfig(
        String architecture,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int numKeyValueHeads,
        int headDim,
        int maxPositionEmbeddings,
        double rmsNormEps,
        double initializerRange,
        boolean tieWordEmbeddings,
        boolean queryKeyValueBias,
        boolean outputBias,
        boolean mlpBias,
        RopeParameters rope,
        List<Integer> windows,
        List<Integer> eosTokenIds,
        OptionalInt bosTokenId,
        OptionalInt padTokenId,
        ObjectNode json) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads {@code config.json} in a model's folder; what is wrong with it is one {@link UserError}. */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UserError(
                    "Cannot load " + folder,
                    "config.json cannot be read",
                    "Give the folder of a Hugging Face model.",
                    e);
        }
    }

    public static ModelConfig parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (root instanceof ObjectNode object) {
                return of(object);
            }
            throw new UserError("Cannot use config.json", "it is not a JSON object", "");
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot use config.json", "it is not JSON (" + e.getOriginalMessage() + ")", "", e);
        }
    }

    public static ModelConfig of(ObjectNode json) {
        ConfigFields fields = new ConfigFields(json);
        String architecture = json.path("architectures").path(0).asText("");
        Family family = Families.of(architecture);
        ModelConfig config = resolve(fields, architecture, family, json.deepCopy());
        config.checkShapes(fields);
        fields.check();
        RopeScalings.rotation(config.rope);
        return config;
    }

    private static ModelConfig resolve(ConfigFields fields, String architecture, Family family, ObjectNode json) {
        int hiddenSize = fields.positive("hidden_size");
        int heads = fields.positive("num_attention_heads");
        int layers = fields.positive("num_hidden_layers");
        int derived = family.defaultHeadDim() > 0 ? family.defaultHeadDim() : Math.max(1, hiddenSize / heads);
        int headDim = fields.positive("head_dim", derived);
        int maxPositions = fields.positive("max_position_embeddings", 2048);
        fields.number("rope_theta", 1);
        return new ModelConfig(
                architecture,
                fields.positive("vocab_size"),
                hiddenSize,
                fields.positive("intermediate_size"),
                layers,
                heads,
                fields.positive("num_key_value_heads", heads),
                headDim,
                maxPositions,
                fields.number("rms_norm_eps", 1e-6),
                fields.number("initializer_range", 0.02),
                fields.flag("tie_word_embeddings", false),
                family.queryKeyValueBias().test(fields),
                family.outputBias().test(fields),
                family.mlpBias().test(fields),
                RopeParameters.of(json, headDim, maxPositions),
                IntStream.range(0, layers)
                        .mapToObj(layer -> family.windows().window(fields, layer))
                        .toList(),
                fields.ids("eos_token_id"),
                first(fields.ids("bos_token_id")),
                first(fields.ids("pad_token_id")),
                json);
    }

    private void checkShapes(ConfigFields fields) {
        if (numAttentionHeads % numKeyValueHeads != 0) {
            fields.problem("num_attention_heads " + numAttentionHeads + " is no multiple of num_key_value_heads "
                    + numKeyValueHeads);
        }
        if (headDim % 2 != 0) {
            fields.problem("head_dim " + headDim + " is odd, rotary positions need pairs");
        }
        String activation = fields.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            fields.problem("hidden_act is \"" + activation + "\", " + architecture + " is known with \"silu\" only");
        }
        double partial = fields.number("partial_rotary_factor", 1);
        if (partial != 1) {
            fields.problem("partial_rotary_factor is " + partial + ", only 1 is known");
        }
        padTokenId.ifPresent(pad -> {
            if (pad < 0 || pad >= vocabSize) {
                fields.problem("pad_token_id " + pad + " is outside the vocabulary of " + vocabSize);
            }
        });
    }

    private static OptionalInt first(List<Integer> ids) {
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.get(0));
    }

    Family family() {
        return Families.of(architecture);
    }

    /** A copy with one key of config.json set to {@code value}, checked anew. */
    public ModelConfig with(String key, Object value) {
        ObjectNode changed = json.deepCopy();
        changed.set(key, JSON.valueToTree(value));
        return of(changed);
    }

    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** Tokens, its own included, that a query of {@code layer} sees; 0 for all. */
    public int slidingWindow(int layer) {
        return windows.get(layer);
    }

    /** Every parameter's shape by its name in files; a tied head has none of its own. */
    public SortedMap<String, long[]> shapes() {
        return WeightShapes.of(this);
    }

    /** Numbers that the model consists of; a tied head counts once. */
    public long parameterCount() {
        return shapes().values().stream()
                .mapToLong(shape -> {
                    long count = 1;
                    for (long size : shape) {
                        count = Math.multiplyExact(count, size);
                    }
                    return count;
                })
                .sum();
    }
}
