package io.apus.model.tuner.method;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.ArrayList;
import java.util.List;

/** A projection that changes what another computes. The other one stays as it is inside. */
public interface AdaptedProjection extends Projection {
    /** What is changed: a plain linear, a quantised one, or one that another adapter wraps already. */
    Projection base();

    /** The adapter's own parameters, in the order in which they are listed; ones that several projections share appear in each. */
    List<Parameter> added();

    /**
     * The base with the change folded into its weight. {@link #added} stays readable; whoever calls this frees it.
     *
     * @throws io.apus.schemas.UserError where the change is no change of the weight
     */
    Projection merged();

    @Override
    default long inFeatures() {
        return base().inFeatures();
    }

    @Override
    default long outFeatures() {
        return base().outFeatures();
    }

    @Override
    default List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(base().parameters());
        all.addAll(added());
        return all;
    }

    @Override
    default void close() {
        parameters().forEach(Parameter::close);
    }
}
