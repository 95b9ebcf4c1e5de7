package io.apus.model.tuner.method;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.ArrayList;
import java.util.List;

/** Names of modules that a model holds no name of, from the names inside them. */
public final class ModuleNames {
    private ModuleNames() {}

    /** Llama's name of the token embedding, which users and recipes know, whatever a family calls it. */
    static final String EMBEDDING = "embed_tokens";
    /** ms-swift's name for the token embedding. */
    static final String ALL_EMBEDDING = "all-embedding";

    /** The module that {@code parameter} belongs to. */
    public static String owner(Parameter parameter) {
        return owner(parameter.name());
    }

    static String owner(String parameter) {
        return parameter.substring(0, parameter.lastIndexOf('.'));
    }

    /** The last part of a module's name. */
    static String last(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    static boolean isNamed(String module, String suffix) {
        return module.equals(suffix) || module.endsWith("." + suffix);
    }

    /** Whether {@code name} means the token embedding of this weight. */
    static boolean isEmbedding(Parameter embedding, String name) {
        return name.equals(EMBEDDING) || name.equals(ALL_EMBEDDING) || isNamed(owner(embedding), name);
    }

    /** A feed-forward network's, e.g. {@code model.layers.0.mlp}. */
    public static String of(FeedForward network) {
        List<String> inside = new ArrayList<>();
        network.slots().stream().map(ProjectionSlot::name).forEach(inside::add);
        network.ownParameters().stream().map(Parameter::name).forEach(inside::add);
        String common = inside.get(0);
        for (String name : inside) {
            while (!name.startsWith(common + ".")) {
                common = common.substring(0, common.lastIndexOf('.'));
            }
        }
        return common;
    }

    /** A layer's, e.g. {@code model.layers.3}, from the name of any parameter in it. */
    public static String ofLayer(int layer, Parameter inside) {
        String number = "." + layer + ".";
        return inside.name().substring(0, inside.name().indexOf(number) + number.length() - 1);
    }
}
