package io.apus.corpus.tokenize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How each token is written in the vocabulary of a tokenizer.json, such as {@code Ġworld} for a space and "world". An added token is written as
 * its text.
 */
public final class TokenSpellings {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_ID = 1 << 24;

    private String[] spellings = new String[1 << 12];

    private TokenSpellings() {}

    /**
     * Reads a tokenizer.json.
     *
     * @throws UserError when the file cannot be read or numbers its tokens wildly
     */
    public static TokenSpellings read(Path tokenizerJson) {
        TokenSpellings read = new TokenSpellings();
        try (JsonParser parser = MAPPER.getFactory().createParser(tokenizerJson.toFile())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.getCurrentName();
                parser.nextToken();
                switch (name) {
                    case "added_tokens" -> read.added(MAPPER.readTree(parser));
                    case "model" -> read.model(parser);
                    default -> parser.skipChildren();
                }
            }
            return read;
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the vocabulary of " + tokenizerJson,
                    String.valueOf(e.getMessage()),
                    "Check the file.",
                    e);
        }
    }

    private void added(JsonNode tokens) throws IOException {
        for (JsonNode token : tokens) {
            put(token.path("id").asInt(-1), token.path("content").asText());
        }
    }

    private void model(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            JsonToken value = parser.nextToken();
            if (!name.equals("vocab")) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                numbered(parser);
            } else {
                listed(parser);
            }
        }
    }

    /** BPE, WordPiece and WordLevel: an object from token to id. */
    private void numbered(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String token = parser.getCurrentName();
            parser.nextToken();
            put(parser.getIntValue(), token);
        }
    }

    /** Unigram: pairs of token and score in the order of the ids. */
    private void listed(JsonParser parser) throws IOException {
        int id = 0;
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            put(id++, parser.nextTextValue());
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    /** An added token may repeat one of the vocabulary; both are written alike. */
    private void put(int id, String spelling) throws IOException {
        if (id < 0 || id >= MAX_ID) {
            throw new IOException("a token has the id " + id);
        }
        if (id >= spellings.length) {
            spellings = Arrays.copyOf(spellings, Math.max(id + 1, spellings.length * 2));
        }
        spellings[id] = spelling;
    }

    /** The spelling of a token. */
    public String of(int id) {
        return spellings[id];
    }
}
