package io.apus.train.optimize.rule;

/** Makes the rule for one weight. */
public interface RuleMaker {
    /**
     * The rule for a weight of this shape.
     *
     * @param name of the parameter
     * @param memory where the rule puts what it remembers
     */
    Rule of(String name, long[] shape, Memory memory);
}
