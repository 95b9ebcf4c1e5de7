package io.apus.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A byte-level BPE tokenizer with one merge, enough for a model file to carry. */
final class ToyTokenizer {
    static final String QWEN_SPLIT =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private ToyTokenizer() {}

    static Path write(Path folder, String split) throws IOException {
        Files.createDirectories(folder);
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer = json.createObjectNode();
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE").put("byte_fallback", false);
        ObjectNode vocab = model.putObject("vocab");
        int extra = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            vocab.put(Character.toString(printable ? b : extra++), b);
        }
        vocab.put("th", 256);
        model.putArray("merges").addArray().add("t").add("h");
        ArrayNode added = tokenizer.putArray("added_tokens");
        added.addObject().put("id", 257).put("content", "<|im_end|>").put("special", true);
        tokenizer
                .putObject("pre_tokenizer")
                .putArray("pretokenizers")
                .addObject()
                .putObject("pattern")
                .put("Regex", split);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                json.createObjectNode()
                        .put("eos_token", "<|im_end|>")
                        .put("chat_template", "{{ messages[0].content }}")
                        .toString());
        return folder;
    }
}
