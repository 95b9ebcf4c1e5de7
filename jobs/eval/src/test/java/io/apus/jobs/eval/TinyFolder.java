package io.apus.jobs.eval;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Hugging Face folders of a tiny random model whose tokens are bytes. */
public final class TinyFolder {
    public static final int IM_START = 257;
    public static final int IM_END = 258;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

    private TinyFolder() {}

    private static final ModelConfig DENSE = ModelConfig.parse(
            """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "vocab_size": 259, "hidden_size": 32,
             "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
             "head_dim": 16, "max_position_embeddings": 256, "rope_theta": 10000.0, "rms_norm_eps": 1e-6,
             "tie_word_embeddings": true, "hidden_act": "silu", "initializer_range": 0.3, "eos_token_id": 256}
            """);

    /** A ChatML model with a context of 256 tokens. */
    public static Path write(Path folder, long seed) throws IOException {
        return write(folder, seed, DENSE);
    }

    /** As the other, with the matrices of four experts in one tensor in each layer. */
    static Path writeExperts(Path folder, long seed) throws IOException {
        ModelConfig experts = DENSE.with("attention_multiplier", 0.25)
                .with("embedding_multiplier", 1.0)
                .with("logits_scaling", 1.0)
                .with("residual_multiplier", 1.0)
                .with("num_local_experts", 4)
                .with("num_experts_per_tok", 2)
                .with("model_type", "granitemoe")
                .with("architectures", List.of("GraniteMoeForCausalLM"));
        return write(folder, seed, experts);
    }

    private static Path write(Path folder, long seed, ModelConfig config) throws IOException {
        Files.createDirectories(folder);
        try (DecoderModel model = DecoderModel.random(config, seed)) {
            model.save(folder, 1L << 30);
        }
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
        Files.writeString(folder.resolve("tokenizer_config.json"), tokenizerConfig());
        Files.writeString(
                folder.resolve("generation_config.json"), "{\"eos_token_id\": [256, 258], \"do_sample\": false}");
        return folder;
    }

    private static String tokenizerConfig() {
        ObjectNode config = JSON.createObjectNode();
        config.put("eos_token", "<|im_end|>");
        config.put(
                "chat_template",
                "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}"
                        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
                        + "{% if enable_thinking is defined and not enable_thinking %}{{ '<think></think>' }}{% endif %}{% endif %}");
        return config.toString();
    }

    private static String tokenizer() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (int i = 0; i < SPECIAL.size(); i++) {
            ObjectNode token = added.addObject();
            token.put("id", 256 + i).put("content", SPECIAL.get(i)).put("special", true);
            token.put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false);
        }
        root.putNull("normalizer");
        ObjectNode bytes = JSON.createObjectNode().put("type", "ByteLevel").put("add_prefix_space", false);
        bytes.put("trim_offsets", false).put("use_regex", true);
        root.set("pre_tokenizer", bytes);
        root.putNull("post_processor");
        root.set("decoder", bytes.deepCopy());
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocabulary.put(String.valueOf((char) visible(value)), value);
        }
        model.putArray("merges");
        return root.toString();
    }

    /** The character by which byte-level vocabularies write a byte (GPT-2): printable ones themselves, the others from U+0100 on. */
    private static int visible(int value) {
        if (isPrintable(value)) {
            return value;
        }
        int before = 0;
        for (int other = 0; other < value; other++) {
            before += isPrintable(other) ? 0 : 1;
        }
        return 256 + before;
    }

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
    }
}
