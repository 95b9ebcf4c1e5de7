package io.apus.model.rope;

/** NTK-aware scaling by the text's own length (transformers {@code _compute_dynamic_ntk_parameters}): the base grows past the trained length. */
final class DynamicRope {
    private DynamicRope() {}

    static Rotation rotation(RopeParameters parameters, long length) {
        double factor = parameters.required("factor");
        double trained = parameters.maxPositionEmbeddings();
        double stretch = factor * Math.max((double) length, trained) / trained - (factor - 1);
        double dim = parameters.dim();
        double theta = parameters.theta() * Math.pow(stretch, dim / (dim - 2));
        return DefaultRope.rotation(parameters.withTheta(theta));
    }
}
