package io.apus.corpus.tokenize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model folder of our own: byte-level BPE with a few merges, ChatML template. */
final class SmallModel {
    static final String CHATML =
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

    private SmallModel() {}

    /** Writes tokenizer.json, tokenizer_config.json and config.json; {@code template} may be null. */
    static Path write(Path folder, String template) throws IOException {
        return write(folder, template, null);
    }

    /** {@code bos}, unless null, is put before every text by the post-processor. */
    static Path write(Path folder, String template, String bos) throws IOException {
        ObjectNode config = JSON.createObjectNode().put("eos_token", "<|im_end|>");
        if (template != null) {
            config.put("chat_template", template);
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), config.toString());
        Files.writeString(folder.resolve("config.json"), "{\"max_position_embeddings\": 90, \"eos_token_id\": 263}");
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [263, 265]}");
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer(bos).toString());
        return folder;
    }

    private static ObjectNode tokenizer(String bos) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (int i = 0; i < SPECIAL.size(); i++) {
            added.addObject()
                    .put("id", 263 + i)
                    .put("content", SPECIAL.get(i))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putObject("normalizer").put("type", "NFC");
        byteLevel(root.putObject("pre_tokenizer"));
        if (bos != null) {
            ObjectNode post = root.putObject("post_processor").put("type", "TemplateProcessing");
            post.putArray("single").add(piece("SpecialToken", bos)).add(piece("Sequence", "A"));
            post.putArray("pair").add(piece("Sequence", "A")).add(piece("Sequence", "B"));
            ObjectNode token = post.putObject("special_tokens").putObject(bos).put("id", bos);
            token.putArray("ids").add(263 + SPECIAL.indexOf(bos));
            token.putArray("tokens").add(bos);
        }
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> alphabet = alphabet();
        for (int i = 0; i < 256; i++) {
            vocabulary.put(alphabet.get(i), i);
        }
        ArrayNode merges = model.putArray("merges");
        String[][] pairs = {{"h", "e"}, {"l", "l"}, {"he", "ll"}, {"hell", "o"}, {".", "Ċ"}, {"Ċ", "Ċ"}, {"Ġ", "w"}};
        for (int i = 0; i < pairs.length; i++) {
            vocabulary.put(pairs[i][0] + pairs[i][1], 256 + i);
            merges.add(pairs[i][0] + " " + pairs[i][1]);
        }
        return root;
    }

    private static void byteLevel(ObjectNode part) {
        part.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static ObjectNode piece(String kind, String id) {
        ObjectNode piece = JSON.createObjectNode();
        piece.putObject(kind).put("id", id).put("type_id", 0);
        return piece;
    }

    /** GPT-2's byte-to-character table: printable bytes stand for themselves, the others for characters from U+0100 on. */
    private static List<String> alphabet() {
        List<String> alphabet = new ArrayList<>();
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean isPrintable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            alphabet.add(Character.toString(isPrintable ? b : next++));
        }
        return alphabet;
    }
}
