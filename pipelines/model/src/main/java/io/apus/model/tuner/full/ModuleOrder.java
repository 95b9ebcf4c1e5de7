package io.apus.model.tuner.full;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of a model's parameters from the bottom up, read off their names: embeddings, layers, last norm, head. In a layer it is that
 * in which Llama declares its modules: attention, feed-forward network, norms.
 */
final class ModuleOrder implements Comparator<String> {
    private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.(\\w+)");
    private static final Pattern HEAD = Pattern.compile("(?:^|\\.)(?:lm_head|embed_out|output|output_layer|score)\\.");
    private static final Pattern EMBEDDING = Pattern.compile("(?:^|\\.)(?:\\w*embed\\w*|wte|wpe)\\.");
    private static final List<String> LINEARS = List.of(
            ".q_proj.",
            ".k_proj.",
            ".v_proj.",
            ".o_proj.",
            ".q_norm.",
            ".k_norm.",
            ".gate_proj.",
            ".up_proj.",
            ".down_proj.");
    private static final int LAST = 9;

    @Override
    public int compare(String first, String second) {
        return Comparator.comparingInt(ModuleOrder::part)
                .thenComparing(ModuleOrder::layer)
                .thenComparing(ModuleOrder::role)
                .thenComparing(ModuleOrder::linear)
                .thenComparing(name -> name.endsWith(".bias"))
                .thenComparing(Comparator.naturalOrder())
                .compare(first, second);
    }

    private static int part(String name) {
        if (LAYER.matcher(name).find()) {
            return 1;
        }
        if (HEAD.matcher(name).find()) {
            return 3;
        }
        return EMBEDDING.matcher(name).find() ? 0 : 2;
    }

    private static int layer(String name) {
        Matcher layer = LAYER.matcher(name);
        return layer.find() ? Integer.parseInt(layer.group(1)) : 0;
    }

    private static int role(String name) {
        Matcher layer = LAYER.matcher(name);
        if (!layer.find()) {
            return 0;
        }
        String module = layer.group(2);
        if (module.contains("norm") || module.startsWith("ln")) {
            return 2;
        }
        return module.contains("att") ? 0 : 1;
    }

    private static int linear(String name) {
        for (int i = 0; i < LINEARS.size(); i++) {
            if (name.contains(LINEARS.get(i))) {
                return i;
            }
        }
        return LAST;
    }
}
