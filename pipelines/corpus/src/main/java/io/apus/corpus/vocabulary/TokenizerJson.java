package io.apus.corpus.vocabulary;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A vocabulary as Hugging Face's {@code tokenizer.json}: NFC, Qwen2's pre-tokeniser, byte-level BPE. */
final class TokenizerJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private TokenizerJson() {}

    static ObjectNode of(Vocabulary vocabulary) {
        ObjectNode root = NODES.objectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : vocabulary.specialTokens()) {
            added.add(addedToken(token).put("id", vocabulary.specialId(token)));
        }
        root.set("normalizer", NODES.objectNode().put("type", "NFC"));
        root.set("pre_tokenizer", preTokenizer());
        root.set("post_processor", byteLevel());
        root.set("decoder", byteLevel());
        root.set("model", model(vocabulary));
        return root;
    }

    /** The properties of a special token, also used in {@code added_tokens_decoder}. */
    static ObjectNode addedToken(String token) {
        return NODES.objectNode()
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static ObjectNode preTokenizer() {
        ObjectNode split = NODES.objectNode().put("type", "Split");
        split.putObject("pattern").put("Regex", WordCounts.PATTERN);
        split.put("behavior", "Isolated").put("invert", false);
        ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
        sequence.putArray("pretokenizers").add(split).add(byteLevel());
        return sequence;
    }

    private static ObjectNode byteLevel() {
        return NODES.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static ObjectNode model(Vocabulary vocabulary) {
        ObjectNode model =
                NODES.objectNode().put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        List<String> tokens = vocabulary.tokens();
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        for (Vocabulary.Merge merge : vocabulary.merges()) {
            merges.addArray().add(tokens.get(merge.left())).add(tokens.get(merge.right()));
        }
        return model;
    }
}
