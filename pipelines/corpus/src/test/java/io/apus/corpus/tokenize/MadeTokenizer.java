package io.apus.corpus.tokenize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A tokenizer.json of our own with some hundred merges that get into each other's way; tests change it as they please. */
final class MadeTokenizer {
    private static final List<String> WORDS = List.of(
            "the",
            " the",
            "then",
            " hello",
            "hello",
            "ing",
            " in",
            "'s",
            "'ll",
            "  ",
            "    ",
            "\n\n",
            "123",
            "00",
            "\u4f60\u597d",
            "\u65e5\u672c",
            "\u0434\u0430",
            " \u0434",
            "\ud83d\ude00",
            "ab",
            "abab",
            "ba",
            "...",
            "//",
            "\u00e9",
            "e\u0301",
            "\r\n",
            " <",
            "|>",
            "\u00a0",
            "\u0644\u0627");

    final ObjectNode root = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    final ObjectNode model = JsonNodeFactory.instance.objectNode().put("type", "BPE");
    private final ObjectNode vocabulary = model.putObject("vocab");
    private final ArrayNode merges = model.putArray("merges");
    private final List<String> tokens = new ArrayList<>();

    MadeTokenizer() {
        root.putNull("truncation").putNull("padding").putArray("added_tokens");
        root.putNull("normalizer").putNull("post_processor");
        root.set("pre_tokenizer", byteLevel());
        root.set("decoder", byteLevel());
        root.set("model", model);
        for (int value = 0; value < 256; value++) {
            token(letters(new byte[] {(byte) value}));
        }
        Random random = new Random(2);
        for (String word : WORDS) {
            learn(letters(word.getBytes(StandardCharsets.UTF_8)), random);
        }
    }

    /** {@code {"type": "ByteLevel"}} that neither adds spaces nor splits. */
    static ObjectNode byteLevel() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    /** A pre-tokenizer that splits, and then writes bytes as characters. */
    static ObjectNode split(String regex) {
        ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        steps.addObject()
                .put("type", "Split")
                .put("behavior", "Isolated")
                .put("invert", false)
                .putObject("pattern")
                .put("Regex", regex);
        steps.add(byteLevel());
        return sequence;
    }

    /** Merges that end in the word, in a random order of its parts. */
    private void learn(String word, Random random) {
        List<String> parts =
                new ArrayList<>(word.chars().mapToObj(Character::toString).toList());
        while (parts.size() > 1) {
            int at = random.nextInt(parts.size() - 1);
            String merged = parts.get(at) + parts.get(at + 1);
            if (!tokens.contains(merged)) {
                merges.add(parts.get(at) + " " + parts.get(at + 1));
                token(merged);
            }
            parts.set(at, merged);
            parts.remove(at + 1);
        }
    }

    /** Adds a token that no merge makes. */
    MadeTokenizer token(String letters) {
        vocabulary.put(letters, tokens.size());
        tokens.add(letters);
        return this;
    }

    /** Adds a token to be found in the text; {@code flags} are those that are true. */
    MadeTokenizer added(String content, String... flags) {
        ObjectNode token = root.withArray("added_tokens").addObject();
        token.put("id", tokens.size()).put("content", content);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
            token.put(flag, List.of(flags).contains(flag));
        }
        tokens.add(content);
        return this;
    }

    /** Writes merges as pairs and not as texts with a space. */
    MadeTokenizer mergesAsPairs() {
        ArrayNode pairs = new ObjectMapper().createArrayNode();
        merges.forEach(merge -> {
            String[] pair = merge.asText().split(" ", -1);
            pairs.addArray().add(pair[0]).add(pair[1]);
        });
        model.set("merges", pairs);
        return this;
    }

    String json() {
        return root.toString();
    }

    /** GPT-2's characters for bytes: visible ones stand for themselves, the others for those from U+0100 on. */
    static String letters(byte[] bytes) {
        StringBuilder letters = new StringBuilder();
        for (byte each : bytes) {
            int hidden = 0;
            for (int value = 0; value < (each & 0xff); value++) {
                hidden += isVisible(value) ? 0 : 1;
            }
            letters.append((char) (isVisible(each & 0xff) ? each & 0xff : 0x100 + hidden));
        }
        return letters.toString();
    }

    private static boolean isVisible(int value) {
        return (value > ' ' && value < 0x7f) || (value > 0xa0 && value != 0xad);
    }
}
