package io.apus.model.layer;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** The place of one projection in a model: tuners and quantisers put another there. */
public final class ProjectionSlot {
    private final String name;
    private Projection projection;

    public ProjectionSlot(String name, Projection projection) {
        this.name = name;
        this.projection = projection;
    }

    /** The module's name in Hugging Face models, e.g. {@code model.layers.0.self_attn.q_proj}. */
    public String name() {
        return name;
    }

    public Projection get() {
        return projection;
    }

    /** Puts what {@code change} makes of the present projection in its place; what is no longer used is the caller's to close. */
    public void replace(UnaryOperator<Projection> change) {
        projection = change.apply(projection);
    }

    public Tensor forward(Tensor input, boolean training) {
        return projection.forward(input, training);
    }
}
