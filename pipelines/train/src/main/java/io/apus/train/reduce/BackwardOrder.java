package io.apus.train.reduce;

import io.apus.model.layer.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which a backward pass completes gradients: output head and last norm, blocks from the last to the first, embeddings.
 *
 * <p>It is read off the names, so that all ranks agree on it before the first pass; were it wrong, reductions would start later but sum the same.
 */
final class BackwardOrder {
    private static final Pattern BLOCK = Pattern.compile("\\.(\\d+)\\.");
    private static final int HEAD = Integer.MAX_VALUE;
    private static final int EMBEDDING = -1;

    private BackwardOrder() {}

    static List<Parameter> of(List<Parameter> parameters) {
        List<Parameter> ordered = new ArrayList<>(parameters);
        ordered.sort(Comparator.comparing((Parameter parameter) -> -(long) depth(parameter.name()))
                .thenComparing(Parameter::name));
        return ordered;
    }

    static int depth(String name) {
        Matcher block = BLOCK.matcher(name);
        if (block.find()) {
            return Integer.parseInt(block.group(1));
        }
        return name.toLowerCase(Locale.ROOT).contains("embed") ? EMBEDDING : HEAD;
    }
}
