package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code keep_if} and {@code drop_if}: refuses the rows that a {@link Condition} does not, or does, hold for; they are counted under
 * {@code filtered_by_mapping}. */
public final class FilterStep implements RowStep {
    private final Condition condition;
    private final boolean keep;

    private FilterStep(Condition condition, boolean keep) {
        this.condition = condition;
        this.keep = keep;
    }

    public static RowStep keepIf(StepOptions options) {
        return new FilterStep(Condition.of(options), true);
    }

    public static RowStep dropIf(StepOptions options) {
        return new FilterStep(Condition.of(options), false);
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        if (condition.holds(row) != keep) {
            throw StepFailure.unwanted((keep ? "wanted only where " : "not wanted where ") + condition.words());
        }
    }

    @Override
    public String words() {
        return (keep ? "refuse rows unless " : "refuse rows where ") + condition.words();
    }
}
