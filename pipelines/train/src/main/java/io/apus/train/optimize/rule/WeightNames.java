package io.apus.train.optimize.rule;

import java.util.regex.Pattern;

/** What kind of weight a parameter is, from its name in Hugging Face files. */
final class WeightNames {
    private static final Pattern EMBEDDING =
            Pattern.compile("(?:^|\\.)(?:\\w*embed\\w*|wte|wpe)(?:\\.\\w+)*\\.weight$", Pattern.CASE_INSENSITIVE);
    private static final Pattern HEAD =
            Pattern.compile("(?:^|\\.)(?:lm_head|embed_out|output|output_layer|score)\\.weight$");

    private WeightNames() {}

    static boolean isEmbedding(String name) {
        return EMBEDDING.matcher(name).find() && !isHead(name);
    }

    static boolean isHead(String name) {
        return HEAD.matcher(name).find();
    }

    /** The weight of a linear in a layer; the output head is none. */
    static boolean isLinear(String name, long[] shape) {
        return name.endsWith(".weight") && shape.length == 2 && !isEmbedding(name) && !isHead(name);
    }
}
