package io.apus.corpus.tokenize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Apus itself reads of a tokenizer.json: the size of the vocabulary, the added tokens, and for byte-level BPE how many bytes each
 * token stands for.
 */
final class TokenizerFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_ID = 1 << 24;

    private final Map<String, Integer> added = new HashMap<>();
    private final Set<Integer> special = new HashSet<>();
    private int[] byteLengths = new int[1 << 16];
    private int size;
    private boolean isByteLevel;
    private boolean keepsText = true;

    private TokenizerFile() {}

    static TokenizerFile parse(String json) throws IOException {
        TokenizerFile file = new TokenizerFile();
        try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is not a JSON object");
            }
            List<JsonNode> addedTokens = new ArrayList<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.getCurrentName();
                parser.nextToken();
                switch (name) {
                    case "added_tokens" -> MAPPER.<JsonNode>readTree(parser).forEach(addedTokens::add);
                    case "normalizer" -> file.normalizer(MAPPER.readTree(parser));
                    case "pre_tokenizer" -> file.preTokenizer(MAPPER.readTree(parser));
                    case "model" -> file.model(parser);
                    default -> parser.skipChildren();
                }
            }
            for (JsonNode token : addedTokens) {
                file.addToken(token);
            }
        }
        return file;
    }

    private void addToken(JsonNode token) throws IOException {
        String content = token.path("content").asText();
        int id = token.path("id").asInt(-1);
        put(id, content.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        added.put(content, id);
        if (token.path("special").asBoolean()) {
            special.add(id);
        }
    }

    private void normalizer(JsonNode normalizer) {
        keepsText = normalizer.isNull() || normalizer.path("type").asText().equals("NFC");
    }

    private void preTokenizer(JsonNode preTokenizer) {
        isByteLevel |= preTokenizer.path("type").asText().equals("ByteLevel");
        preTokenizer.path("pretokenizers").forEach(this::preTokenizer);
    }

    private void model(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            parser.nextToken();
            if (name.equals("vocab")) {
                vocabulary(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** An object from token to id (BPE, WordPiece, WordLevel) or a list in the order of the ids (Unigram). */
    private void vocabulary(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int length = parser.getCurrentName().length();
                parser.nextToken();
                put(parser.getIntValue(), length);
            }
        } else {
            int id = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
                put(id++, 0);
            }
        }
    }

    private void put(int id, int bytes) throws IOException {
        if (id < 0 || id >= MAX_ID) {
            throw new IOException("a token has the id " + id);
        }
        if (id >= byteLengths.length) {
            byteLengths = Arrays.copyOf(byteLengths, Math.max(id + 1, byteLengths.length * 2));
        }
        byteLengths[id] = bytes;
        size = Math.max(size, id + 1);
    }

    int size() {
        return size;
    }

    Map<String, Integer> added() {
        return added;
    }

    Set<Integer> special() {
        return special;
    }

    /** Bytes of UTF-8 that each token stands for, by id; null unless the tokenizer is byte-level and keeps the text as it is. */
    int[] byteLengthsOrNull() {
        return isByteLevel && keepsText ? Arrays.copyOf(byteLengths, size) : null;
    }
}
