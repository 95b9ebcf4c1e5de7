package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/**
 * A projection y = f(x) + b, with f linear, that parts can be cut out of, where {@link Cut} leaves whole what belongs together. It stays as it is and
 * owns nothing of the parts but what they share.
 */
public interface Divisible extends Projection {
    /** Not divided along any dimension: the part uses this projection's own parameter. */
    int SHARED = -1;

    /** The part that gives some of the outputs, bias included; empty where it cannot be cut there. */
    Optional<Division> outputs(Cut cut);

    /**
     * The part that takes some of the inputs, without the bias: the results of parts of all inputs add up to f(x). Empty where it cannot be cut there.
     *
     * @param sum adds a tensor up over the parts of all inputs, in place, for those that have to know of the others
     */
    Optional<Division> inputs(Cut cut, Consumer<Tensor> sum);

    /** b [outFeatures], where there is one. */
    Optional<Parameter> bias();

    /**
     * A part and where its parameters come from.
     *
     * @param pieces of the part's parameters, those of packed formats left out
     */
    record Division(Projection part, List<Piece> pieces) {
        /** {@code around}, which is made of this one's part, and which has {@code shared} as the whole has them. */
        public Division sharing(Projection around, List<Parameter> shared) {
            return with(around, shared.stream().map(Piece::shared).toList());
        }

        /** {@code around}, which is made of this one's part, with more pieces. */
        public Division with(Projection around, List<Piece> more) {
            List<Piece> all = new ArrayList<>(pieces);
            all.addAll(more);
            return new Division(around, all);
        }
    }

    /**
     * A parameter of a part.
     *
     * @param whole what it was cut from
     * @param dimension that was cut, or {@link #SHARED}: the part has {@code whole} itself
     */
    record Piece(Parameter parameter, Parameter whole, int dimension) {
        /** Some indices of {@code dimension}, copied. */
        public static Piece of(Parameter whole, Cut cut, int dimension) {
            return new Piece(whole.part(cut, dimension), whole, dimension);
        }

        public static Piece shared(Parameter whole) {
            return new Piece(whole, whole, SHARED);
        }
    }

    /** {@code projection} as one that can be divided, if it is one. */
    static Optional<Divisible> of(Projection projection) {
        return projection instanceof Divisible divisible ? Optional.of(divisible) : Optional.empty();
    }
}
