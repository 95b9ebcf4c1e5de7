package io.apus.corpus.vocabulary;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.CompanionFiles;
import io.apus.schemas.spec.NewTokensSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model folder without weights: another one's configuration and tokenizer with new special tokens, and a {@code vocab_size} that has a
 * row of embeddings for each of them. Rows that the model has beyond its tokens are taken first, as transformers and ms-swift do.
 */
public final class ExtendedModel {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "config.json";
    private static final String DECODER = "added_tokens_decoder";
    private static final String SPECIAL = "additional_special_tokens";
    /** Keys that the number of embeddings goes by; ChatGLM has the second. */
    private static final List<String> SIZES = List.of("vocab_size", "padded_vocab_size");
    /** Scores of a Unigram model keep every digit. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ExtendedModel() {}

    /** Rows that the embeddings of the model in {@code base} need with the tokens of {@code spec}, and at least those that they have. */
    public static int vocabSize(Path base, NewTokensSpec spec) {
        return vocabSize(read(base.resolve(CONFIG)), tokens(read(base.resolve(TOKENIZER)), spec), spec);
    }

    /** Writes the folder. Equal files in {@code base} and equal tokens give equal bytes. I/O errors come as UncheckedIOException. */
    public static void write(Path base, NewTokensSpec spec, Path folder) {
        ObjectNode tokenizer = read(base.resolve(TOKENIZER));
        AddedVocabulary tokens = tokens(tokenizer, spec);
        ObjectNode config = read(base.resolve(CONFIG));
        int size = vocabSize(config, tokens, spec);
        sized(config).forEach(part -> SIZES.stream().filter(part::has).forEach(key -> part.put(key, size)));
        try {
            Files.createDirectories(folder);
            CompanionFiles.copy(base, folder);
            CreatedModel.write(folder.resolve(CONFIG), config);
            CreatedModel.write(folder.resolve(TOKENIZER), tokenizer);
            describe(folder, tokens, spec.newSpecialTokens());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model into " + folder, e);
        }
    }

    private static AddedVocabulary tokens(ObjectNode tokenizer, NewTokensSpec spec) {
        AddedVocabulary tokens = new AddedVocabulary(tokenizer);
        spec.newSpecialTokens().forEach(tokens::add);
        return tokens;
    }

    private static int vocabSize(ObjectNode config, AddedVocabulary tokens, NewTokensSpec spec) {
        for (ObjectNode part : sized(config)) {
            for (String key : SIZES) {
                if (part.path(key).asInt() >= tokens.size()) {
                    return part.path(key).asInt();
                }
            }
        }
        int multiple = spec.padToMultipleOf();
        return Math.multiplyExact(-Math.floorDiv(-tokens.size(), multiple), multiple);
    }

    /** The objects of a configuration that may name the number of embeddings: itself, or the text part of a multimodal model's. */
    private static List<ObjectNode> sized(ObjectNode config) {
        return config.get("text_config") instanceof ObjectNode text ? List.of(config, text) : List.of(config);
    }

    /** The files beside tokenizer.json that list tokens too, where the model has them. */
    private static void describe(Path folder, AddedVocabulary tokens, List<String> contents) throws IOException {
        Path settings = folder.resolve("tokenizer_config.json");
        if (Files.exists(settings)) {
            ObjectNode config = read(settings);
            ObjectNode decoder = config.get(DECODER) instanceof ObjectNode known ? known : config.putObject(DECODER);
            contents.forEach(token -> decoder.set(String.valueOf(tokens.id(token)), TokenizerJson.addedToken(token)));
            listSpecial(config, contents);
            CreatedModel.write(settings, config);
        }
        Path special = folder.resolve("special_tokens_map.json");
        if (Files.exists(special)) {
            ObjectNode map = read(special);
            listSpecial(map, contents);
            CreatedModel.write(special, map);
        }
        Path added = folder.resolve("added_tokens.json");
        if (Files.exists(added)) {
            ObjectNode ids = read(added);
            contents.forEach(token -> ids.put(token, tokens.id(token)));
            CreatedModel.write(added, ids);
        }
    }

    private static void listSpecial(ObjectNode json, List<String> contents) {
        JsonNode before = json.path(SPECIAL);
        ArrayNode all = MAPPER.createArrayNode();
        before.forEach(all::add);
        List<String> known = all.findValuesAsText("content");
        for (String content : contents) {
            boolean listed = known.contains(content);
            for (JsonNode token : all) {
                listed |= token.isTextual() && token.asText().equals(content);
            }
            if (!listed) {
                all.add(content);
            }
        }
        json.set(SPECIAL, all);
    }

    private static ObjectNode read(Path file) {
        try {
            if (MAPPER.readTree(file.toFile()) instanceof ObjectNode object) {
                return object;
            }
            throw new IOException("no object");
        } catch (IOException e) {
            throw new UserError(
                    "Cannot add tokens to the tokenizer",
                    file + " cannot be read as a JSON object",
                    "new_special_tokens needs a model folder with config.json and tokenizer.json.",
                    e);
        }
    }
}
