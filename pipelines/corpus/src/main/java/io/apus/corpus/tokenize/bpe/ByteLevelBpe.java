package io.apus.corpus.tokenize.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.corpus.tokenize.bpe.split.NotSupported;
import io.apus.corpus.tokenize.bpe.split.Splitters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A byte-level BPE tokenizer (GPT-2's, Llama 3's, Qwen's and most since) of a Hugging Face tokenizer.json: the ids that the tokenizers
 * library gives, without the library. Safe for use by several threads; each that is at work has some megabytes of words it has met.
 */
public final class ByteLevelBpe {
    /** Longer texts have buffers of their own that are not kept, in characters. */
    private static final int LONG = 1 << 20;

    private final Setup setup;
    private final TokenBytes tokens;
    private final Queue<Session> idle = new ConcurrentLinkedQueue<>();

    private ByteLevelBpe(Setup setup, TokenBytes tokens) {
        this.setup = setup;
        this.tokens = tokens;
    }

    /**
     * The tokenizer of the text of a tokenizer.json.
     *
     * @throws NotSupported when the file asks for anything that could give other ids than the library's
     * @throws IOException when it is no JSON
     */
    public static ByteLevelBpe of(String json) throws NotSupported, IOException {
        BpeFile file = BpeFile.parse(json);
        List<AddedToken> added = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        for (JsonNode node : file.part("added_tokens")) {
            AddedToken token = AddedToken.of(node);
            if (token.content().isEmpty() || node.path("single_word").asBoolean()) {
                throw new NotSupported("its added token " + token.id() + " is empty or matches whole words only");
            }
            added.add(token);
            ids.put(token.content(), token.id());
        }
        boolean stripsRight = added.stream().anyMatch(AddedToken::stripsRight);
        if (stripsRight && added.stream().anyMatch(AddedToken::beginsWithSpace)) {
            throw new NotSupported("an added token takes white space in that another begins with");
        }
        TokenBytes tokens = new TokenBytes(file.vocabulary(), ids);
        Setup setup = new Setup(
                new BpeModel(file, tokens),
                Splitters.read(file.part("pre_tokenizer")),
                NormalForm.read(file.part("normalizer")),
                new AddedTokens(
                        added.stream().filter(token -> !token.isNormalized()).toList()),
                new AddedTokens(added.stream().filter(AddedToken::isNormalized).toList()));
        for (AddedToken token : added) {
            if (!setup.form().has(token.content().toCharArray(), token.content().length())) {
                throw new NotSupported("its added token " + token.id() + " changes when it is normalised");
            }
        }
        return new ByteLevelBpe(setup, tokens);
    }

    /**
     * The tokens of a text; null where the text is not in the normal form that the tokenizer brings texts into, which is left to the
     * library.
     *
     * @param text all surrogates must be paired
     */
    public Tokens encodeOrNull(String text, boolean withPlaces) {
        Session session = text.length() > LONG ? null : idle.poll();
        session = session == null ? new Session(setup) : session;
        Tokens found = session.encodeOrNull(text, withPlaces);
        if (text.length() <= LONG) {
            idle.add(session);
        }
        return found;
    }

    /** The text of token ids, of which none that no token has; bytes that are no UTF-8 become U+FFFD. */
    public String decode(int[] ids) {
        int size = 0;
        for (int id : ids) {
            size = Math.addExact(size, tokens.length(id));
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (int id : ids) {
            at = tokens.copy(id, bytes, at);
        }
        return LossyUtf8.decode(bytes);
    }
}
