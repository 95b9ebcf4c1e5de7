package io.apus.spark.ml;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes tokenizers of our own making: WordPiece with special tokens around a text, and byte-level BPE. */
final class TinyTokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WORDS = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world", "the", "swift", "flies", "##s", "fast", "!", ".",
            "##er");

    private TinyTokenizer() {}

    /** Lower-cased WordPiece in the manner of BERT: {@code [CLS] text [SEP]}, the last one of segment 1. */
    static Path wordPiece(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < 4; id++) {
            special(added, id, WORDS.get(id));
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("lowercase", true);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode post = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = post.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", "[CLS]").put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        single.addObject().putObject("SpecialToken").put("id", "[SEP]").put("type_id", 1);
        ArrayNode pair = post.putArray("pair");
        pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        ObjectNode specials = post.putObject("special_tokens");
        for (int id : new int[] {2, 3}) {
            ObjectNode token = specials.putObject(WORDS.get(id)).put("id", WORDS.get(id));
            token.putArray("ids").add(id);
            token.putArray("tokens").add(WORDS.get(id));
        }
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < WORDS.size(); id++) {
            vocabulary.put(WORDS.get(id), id);
        }
        return Files.writeString(file, root.toString());
    }

    /** Byte-level BPE over the printable ASCII letters and the space, nothing around a text. */
    static Path byteLevel(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        special(root.putArray("added_tokens"), 96, "<|end|>");
        ObjectNode level = root.putObject("pre_tokenizer").put("type", "ByteLevel");
        level.put("add_prefix_space", false).put("trim_offsets", false).put("use_regex", true);
        root.set("decoder", level.deepCopy());
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        vocabulary.put("Ġ", 0);
        for (int c = '!'; c <= '~'; c++) {
            vocabulary.put(Character.toString(c), c - ' ');
        }
        vocabulary.put("he", 95);
        model.putArray("merges").add("h e");
        return Files.writeString(file, root.toString());
    }

    private static void special(ArrayNode added, int id, String text) {
        added.addObject()
                .put("id", id)
                .put("content", text)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
