package io.apus.corpus.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.mapping.step.Draws;
import io.apus.corpus.mapping.step.RowStep;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.MappingStep;
import java.util.ArrayList;
import java.util.List;

/** Makes a row that Apus understands of a row as its dataset stores it, step by step. */
public final class RowMapping {
    private final List<RowStep> steps;
    private final int views;

    private RowMapping(List<RowStep> steps) {
        this.steps = List.copyOf(steps);
        this.views = steps.stream().mapToInt(RowStep::views).reduce(1, (one, other) -> one * other);
    }

    /**
     * Makes ready what a catalog file says.
     *
     * @throws UserError with everything that is wrong with any step
     */
    public static RowMapping of(List<MappingStep> mapping) {
        List<RowStep> steps = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (MappingStep step : mapping) {
            try {
                steps.add(MappingSteps.of(step));
            } catch (UserError problem) {
                problems.add(problem.getMessage());
            }
        }
        long forks = steps.stream().filter(step -> step.views() > 1).count();
        if (forks > 1) {
            problems.add("\"each\" can be there once, not " + forks + " times");
        }
        if (!problems.isEmpty()) {
            throw new UserError("Cannot map rows", String.join(" ", problems), "");
        }
        return new RowMapping(steps);
    }

    /** Whether rows are left as they are. */
    public boolean isNone() {
        return steps.isEmpty();
    }

    /** How many rows are made of each stored one. */
    public int views() {
        return views;
    }

    /**
     * Changes {@code row} in place.
     *
     * @param number index of the row in the dataset, counting {@link #views()} rows for each stored one
     */
    public void apply(ObjectNode row, long number) {
        Draws draws = new Draws(number / views, (int) (number % views));
        steps.forEach(step -> step.apply(row, draws));
    }

    /** What is done, a line for each step. */
    public List<String> words() {
        return steps.stream().map(RowStep::words).toList();
    }
}
