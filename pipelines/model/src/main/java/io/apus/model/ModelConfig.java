package io.apus.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.family.Blueprint;
import io.apus.model.family.ConfigFields;
import io.apus.model.family.DeclaredParts;
import io.apus.model.family.DeclaredParts.Declared;
import io.apus.model.family.Dimensions;
import io.apus.model.family.Families;
import io.apus.model.family.Family;
import io.apus.model.family.Parts;
import io.apus.model.layer.Decoder;
import io.apus.model.rope.RopeParameters;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** A decoder's config.json, with everything that its family leaves open decided. */
public final class ModelConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Names of the number of tokens; ChatGLM's configs have the second. */
    private static final List<String> VOCABULARY = List.of("vocab_size", "padded_vocab_size");

    private final String architecture;
    private final Dimensions sizes;
    private final SortedMap<String, Declared> declared;
    private final Decoder described;
    private final ObjectNode json;

    private ModelConfig(
            String architecture,
            Dimensions sizes,
            SortedMap<String, Declared> declared,
            Decoder described,
            ObjectNode json) {
        this.architecture = architecture;
        this.sizes = sizes;
        this.declared = declared;
        this.described = described;
        this.json = json;
    }

    /** Reads {@code config.json} in a model's folder; what is wrong with it is one {@link UserError}. */
    public static ModelConfig read(Path folder) {
        return of(object(folder));
    }

    public static ModelConfig parse(String json) {
        return of(object(json));
    }

    /** A folder's config.json as it is. */
    static ObjectNode object(Path folder) {
        try {
            return object(Files.readString(folder.resolve("config.json")));
        } catch (NoSuchFileException e) {
            throw unreadable(
                    folder, Files.isDirectory(folder) ? "it has no config.json" : "there is no such folder", e);
        } catch (IOException e) {
            throw unreadable(folder, "config.json cannot be read", e);
        }
    }

    private static UserError unreadable(Path folder, String cause, IOException e) {
        return new UserError("Cannot load " + folder, cause, "Give the folder of a Hugging Face model.", e);
    }

    private static ObjectNode object(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (root instanceof ObjectNode object) {
                return object;
            }
            throw new UserError("Cannot use config.json", "it is not a JSON object", "");
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot use config.json", "it is not JSON (" + e.getOriginalMessage() + ")", "", e);
        }
    }

    public static ModelConfig of(ObjectNode json) {
        String architecture = json.path("architectures").path(0).asText("");
        Family family = Families.of(architecture);
        ConfigFields fields = new ConfigFields(json, family.aliases(), family.defaults());
        Dimensions sizes = Dimensions.of(fields);
        DeclaredParts parts = new DeclaredParts();
        Decoder described = family.build().apply(new Blueprint(fields, sizes, parts));
        fields.check();
        return new ModelConfig(architecture, sizes, parts.all(), described, json.deepCopy());
    }

    /** Puts the decoder together from loaded parts. */
    Decoder assemble(Parts parts) {
        Family family = Families.of(architecture);
        ConfigFields fields = new ConfigFields(json, family.aliases(), family.defaults());
        return family.build().apply(new Blueprint(fields, sizes, parts));
    }

    /** The parameters, by name, with what a new model fills them with. */
    SortedMap<String, Declared> declared() {
        return declared;
    }

    /** The decoder's parts without their tensors: names, shapes and arrangement. */
    public Decoder described() {
        return described;
    }

    /** The class name that transformers gives the architecture, e.g. {@code Qwen3ForCausalLM}. */
    public String architecture() {
        return architecture;
    }

    public int vocabSize() {
        return sizes.vocabSize();
    }

    public int hiddenSize() {
        return sizes.hiddenSize();
    }

    public int intermediateSize() {
        return sizes.intermediateSize();
    }

    public int numHiddenLayers() {
        return sizes.numHiddenLayers();
    }

    public int numAttentionHeads() {
        return sizes.numAttentionHeads();
    }

    public int numKeyValueHeads() {
        return sizes.numKeyValueHeads();
    }

    public int headDim() {
        return sizes.headDim();
    }

    public int maxPositionEmbeddings() {
        return sizes.maxPositionEmbeddings();
    }

    public double rmsNormEps() {
        return sizes.normEps();
    }

    public double initializerRange() {
        return sizes.initializerRange();
    }

    public boolean tieWordEmbeddings() {
        return sizes.tieWordEmbeddings();
    }

    public RopeParameters rope() {
        return sizes.rope();
    }

    public List<Integer> eosTokenIds() {
        return sizes.eosTokenIds();
    }

    public OptionalInt bosTokenId() {
        return sizes.bosTokenId();
    }

    public OptionalInt padTokenId() {
        return sizes.padTokenId();
    }

    /** A copy with one key of config.json set to {@code value}, checked anew. */
    public ModelConfig with(String key, Object value) {
        ObjectNode changed = json.deepCopy();
        changed.set(key, JSON.valueToTree(value));
        return of(changed);
    }

    /** A copy for {@code size} tokens. */
    public ModelConfig withVocabulary(int size) {
        ObjectNode changed = json.deepCopy();
        VOCABULARY.stream().filter(changed::has).forEach(key -> changed.put(key, size));
        return of(changed);
    }

    /** The file as it was read; keys that mean nothing here are kept for saving. */
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** Tokens, its own included, that a query of {@code layer} sees; 0 for all. */
    public int slidingWindow(int layer) {
        return described.blocks().get(layer).mixer().window();
    }

    /** Whether files hold this parameter with its two dimensions exchanged. */
    boolean storedTransposed(String parameter) {
        return declared.containsKey(parameter) && declared.get(parameter).transposed();
    }

    /** Every parameter's shape in files by its name there; a tied head has none of its own. */
    public SortedMap<String, long[]> shapes() {
        SortedMap<String, long[]> shapes = new TreeMap<>();
        declared.forEach((name, part) -> shapes.put(name, part.storedShape()));
        return shapes;
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
