package io.apus.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * BPE of SentencePiece's kind (Llama 2, Mistral 7B): characters are merged, what has no token falls back to its bytes.
 *
 * <p>llama.cpp knows no list of merges for it. It joins whichever two neighbours make the token with the highest score, so a token's
 * score is minus the rank of its first merge. That is the same rule as the list's only if the merges of one token follow each other
 * and no two tokens make a third without a merge; SentencePiece's vocabularies are so, and others are refused.
 */
final class SentencePieceVocabulary {
    private static final Pattern BYTE_TOKEN = Pattern.compile("<0x[0-9A-F]{2}>");

    private SentencePieceVocabulary() {}

    /** @param chats whether the model has a chat template */
    static void put(JsonNode tokenizer, boolean chats, int vocabSize, Map<String, Object> metadata) {
        JsonNode model = tokenizer.path("model");
        GgufTokens tokens = new GgufTokens(tokenizer, vocabSize);
        List<Float> scores = new ArrayList<>(Collections.nCopies(vocabSize, 0f));
        Map<String, Integer> ranks = ranks(model);
        ranks.forEach((token, rank) -> scores.set(id(model.path("vocab"), token), (float) -rank));
        model.path("vocab").fields().forEachRemaining(token -> {
            if (BYTE_TOKEN.matcher(token.getKey()).matches()) {
                tokens.retype(token.getValue().asInt(), GgufTokens.BYTE);
            }
        });
        JsonNode unknown = model.path("vocab").path(model.path("unk_token").asText());
        if (unknown.isInt()) {
            tokens.retype(unknown.asInt(), GgufTokens.UNKNOWN);
        }
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.pre", "default");
        tokens.writeTo(metadata);
        metadata.put("tokenizer.ggml.scores", scores);
        metadata.put("tokenizer.ggml.add_space_prefix", addsSpace(tokenizer, chats));
    }

    /** Rank of the first merge that makes each token, by token. */
    private static Map<String, Integer> ranks(JsonNode model) {
        Map<String, Integer> ranks = new HashMap<>();
        Map<String, Set<Integer>> cuts = new HashMap<>();
        String last = "";
        for (JsonNode merge : model.path("merges")) {
            String[] halves = halves(merge);
            String token = halves[0] + halves[1];
            if (ranks.putIfAbsent(token, ranks.size()) != null && !token.equals(last)) {
                throw GgufTokenizer.refused("other merges stand between two that make \"" + token
                        + "\": llama.cpp, which ranks tokens and not merges, would split text otherwise");
            }
            cuts.computeIfAbsent(token, any -> new HashSet<>()).add(halves[0].length());
            last = token;
        }
        model.path("vocab")
                .fieldNames()
                .forEachRemaining(
                        token -> requireEveryCut(token, cuts.getOrDefault(token, Set.of()), model.path("vocab")));
        return ranks;
    }

    private static void requireEveryCut(String token, Set<Integer> known, JsonNode vocab) {
        for (int cut = 1; cut < token.length(); cut++) {
            if (!known.contains(cut) && vocab.has(token.substring(0, cut)) && vocab.has(token.substring(cut))) {
                throw GgufTokenizer.refused("\"" + token.substring(0, cut) + "\" and \"" + token.substring(cut)
                        + "\" are tokens without a merge: llama.cpp would merge them");
            }
        }
    }

    private static int id(JsonNode vocab, String token) {
        if (!vocab.has(token)) {
            throw GgufTokenizer.refused("a merge makes \"" + token + "\", which is no token of the vocabulary");
        }
        return vocab.path(token).asInt();
    }

    private static String[] halves(JsonNode merge) {
        return merge.isArray()
                ? new String[] {merge.get(0).asText(), merge.get(1).asText()}
                : merge.asText().split(" ", 2);
    }

    /**
     * Whether a space is put before the text. The legacy rule (a normalizer that prepends) and "always" do so for every piece
     * between special tokens, as llama.cpp does. "first" does so at the very beginning only, which llama.cpp cannot: a conversation
     * begins with a special token, so for a model that chats there is none, and for any other it is right at the beginning.
     */
    private static boolean addsSpace(JsonNode tokenizer, boolean chats) {
        if (tokenizer.path("normalizer").findValuesAsText("type").contains("Prepend")) {
            return true;
        }
        List<String> schemes = tokenizer.path("pre_tokenizer").findValuesAsText("prepend_scheme");
        return schemes.contains("always") || (schemes.contains("first") && !chats);
    }
}
