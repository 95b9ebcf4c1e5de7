package io.apus.corpus.tokenize.bpe.split;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Texts of every kind that a tokenizer may meet, the same for the same seed. All surrogates are paired. */
public final class RandomTexts {
    private static final String[] SNIPPETS = {
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u0085",
        "\u200b",
        "'s",
        "'S",
        "'\u017f",
        "'ll",
        "'LL",
        "'lL",
        "'ve",
        "'rE",
        "'d",
        "'x",
        "\u2019s",
        "a",
        "B",
        "aB",
        "HTMLParser",
        "camelCase",
        "ABC",
        "z\u0301",
        "\u0301",
        "1",
        "12",
        "1234567",
        "\u0661\u0662",
        "\u00bd",
        "\u00b2",
        "\u2167",
        ".",
        "...",
        "!?",
        "-",
        "--",
        "/",
        "//",
        "_",
        "$",
        "+",
        "\u3002",
        "\uff0c",
        "\u00ab",
        "\u4f60\u597d",
        "\u6f22",
        "\u30a2\u30fc",
        "\u3042",
        "\ud55c",
        "\u0e44\u0e17\u0e22",
        "\u0928\u094d",
        "\u05d0\u05b8",
        "\ud83d\ude00",
        "\ud83d\udc69\u200d\ud83d\udc67",
        "\ud835\udc9c",
        "\ud835\udfd8",
        "\u01c5",
        "\u02b0",
        "\u00aa",
        "\ufeff",
        "\ufffd",
        "\u0000",
        "the",
        " the",
        " of",
        "ing",
        "<",
        ">"
    };

    private final Random random;
    private final List<String> extra;

    /** {@code extra} are put between the other parts of texts now and then. */
    public RandomTexts(long seed, List<String> extra) {
        this.random = new Random(seed);
        this.extra = List.copyOf(extra);
    }

    /** A sentence or more in each of many scripts, and code, a line each. */
    public static List<String> scripts() {
        try (InputStream in = RandomTexts.class.getResourceAsStream("scripts.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more text, of up to about a hundred characters. */
    public String next() {
        int length = random.nextInt(random.nextInt(10) == 0 ? 100 : 24);
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            if (!extra.isEmpty() && random.nextInt(12) == 0) {
                text.append(extra.get(random.nextInt(extra.size())));
            }
            text.append(part(kind == 5 ? random.nextInt(5) : kind));
        }
        return text.toString();
    }

    private String part(int kind) {
        return switch (kind) {
            case 0 -> Character.toString(codePoint(0x110000));
            case 1 -> Character.toString(codePoint(0x3000));
            case 2 -> new String(bytes(), StandardCharsets.ISO_8859_1);
            case 3 -> new String(bytes(), StandardCharsets.UTF_8);
            default -> SNIPPETS[random.nextInt(SNIPPETS.length)];
        };
    }

    private int codePoint(int bound) {
        int point = random.nextInt(bound);
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'x' : point;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        return bytes;
    }
}
