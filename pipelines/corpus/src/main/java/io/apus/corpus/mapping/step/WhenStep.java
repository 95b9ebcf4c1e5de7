package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code when: {if, then, otherwise}}: does some steps where a {@link Condition} holds, and others where it does not. */
public final class WhenStep implements RowStep {
    private final Condition condition;
    private final List<RowStep> then;
    private final List<RowStep> otherwise;

    private WhenStep(Condition condition, List<RowStep> then, List<RowStep> otherwise) {
        this.condition = condition;
        this.then = then;
        this.otherwise = otherwise;
    }

    public static RowStep of(StepOptions options) {
        options.only("if", "then", "otherwise");
        return new WhenStep(Condition.of(options.part("if")), options.steps("then"), options.steps("otherwise"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        (condition.holds(row) ? then : otherwise).forEach(step -> step.apply(row, draws));
    }

    @Override
    public String words() {
        return "where " + condition.words() + ": " + Words.steps(then)
                + (otherwise.isEmpty() ? "" : "; elsewhere: " + Words.steps(otherwise));
    }
}
