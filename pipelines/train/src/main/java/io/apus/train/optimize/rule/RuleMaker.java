package io.apus.train.optimize.rule;

import java.util.function.BiPredicate;

/** Makes the rule for one weight. */
public interface RuleMaker {
    /**
     * The rule for a weight of this shape.
     *
     * @param name of the parameter
     * @param memory where the rule puts what it remembers
     */
    Rule of(String name, long[] shape, Memory memory);

    /** Whether each element of such a weight moves by itself, so that rules for parts of it do together what one for all of it does. */
    default boolean splits(String name, long[] shape) {
        return true;
    }

    /** {@code maker} with weights that it does not split. */
    static RuleMaker joining(BiPredicate<String, long[]> whole, RuleMaker maker) {
        return new RuleMaker() {
            @Override
            public Rule of(String name, long[] shape, Memory memory) {
                return maker.of(name, shape, memory);
            }

            @Override
            public boolean splits(String name, long[] shape) {
                return !whole.test(name, shape) && maker.splits(name, shape);
            }
        };
    }
}
