package io.apus.model.tuner.method;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.ArrayList;
import java.util.List;

/** Names of modules that a model holds no name of, from the names inside them. */
public final class ModuleNames {
    private ModuleNames() {}

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
