package io.apus.corpus.tokenize.bpe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.apus.corpus.tokenize.bpe.split.NotSupported;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** A tokenizer.json whose model is byte-pair encoding, as it stands in the file. */
final class BpeFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, JsonNode> parts = new HashMap<>();
    private final Map<String, JsonNode> settings = new HashMap<>();
    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final List<String[]> merges = new ArrayList<>();

    private BpeFile() {}

    static BpeFile parse(String json) throws IOException, NotSupported {
        BpeFile file = new BpeFile();
        try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.getCurrentName();
                parser.nextToken();
                switch (name) {
                    case "added_tokens", "normalizer", "pre_tokenizer", "decoder" ->
                        file.parts.put(name, MAPPER.readTree(parser));
                    case "model" -> file.model(parser);
                    default -> parser.skipChildren();
                }
            }
        }
        file.check();
        return file;
    }

    private void model(JsonParser parser) throws IOException, NotSupported {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            boolean isArray = parser.nextToken() == JsonToken.START_ARRAY;
            if (name.equals("vocab") && !isArray) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    vocabulary.put(parser.getCurrentName(), parser.nextIntValue(-1));
                }
            } else if (name.equals("merges") && isArray) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    merge(parser);
                }
            } else if (name.equals("vocab") || name.equals("merges")) {
                throw new NotSupported("its model is no byte-pair encoding");
            } else {
                settings.put(name, MAPPER.readTree(parser));
            }
        }
    }

    /** {@code "a b"} or {@code ["a", "b"]}. */
    private void merge(JsonParser parser) throws IOException, NotSupported {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            merges.add(new String[] {parser.nextTextValue(), parser.nextTextValue()});
            if (parser.nextToken() != JsonToken.END_ARRAY) {
                throw new NotSupported("it merges other than two tokens");
            }
            return;
        }
        String text = parser.getText();
        if (!text.startsWith("#version")) {
            merges.add(text.split(" ", -1));
        }
    }

    private void check() throws NotSupported {
        if (!setting("type").asText("BPE").equals("BPE") || merges.isEmpty()) {
            throw new NotSupported("its model is " + setting("type").asText("unknown"));
        }
        for (String name : List.of("byte_fallback", "fuse_unk")) {
            if (setting(name).asBoolean()) {
                throw new NotSupported("its model has " + name);
            }
        }
        for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!setting(name).asText("").isEmpty() && !setting(name).isNull()) {
                throw new NotSupported("its model has a " + name);
            }
        }
        if (setting("dropout").asDouble(0) != 0) {
            throw new NotSupported("its model leaves merges out at random");
        }
        if (!part("decoder").path("type").asText().equals("ByteLevel")) {
            throw new NotSupported("its decoder is not ByteLevel");
        }
        if (new HashSet<>(vocabulary.values()).size() != vocabulary.size() || vocabulary.containsValue(-1)) {
            throw new NotSupported("two tokens share an id, or one has none");
        }
    }

    private JsonNode setting(String name) {
        return settings.getOrDefault(name, MissingNode.getInstance());
    }

    /** {@code added_tokens}, {@code normalizer}, {@code pre_tokenizer} or {@code decoder}. */
    JsonNode part(String name) {
        return parts.getOrDefault(name, MissingNode.getInstance());
    }

    /** Whether a word that is a token as a whole is that token, whatever the merges would make of it. */
    boolean ignoresMerges() {
        return setting("ignore_merges").asBoolean();
    }

    /** Ids of the tokens as they are written in the file. */
    Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    /** Pairs of tokens, the most urgent first. */
    List<String[]> merges() {
        return merges;
    }
}
