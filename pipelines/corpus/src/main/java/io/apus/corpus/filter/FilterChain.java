package io.apus.corpus.filter;

import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.sample.SampleJson;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.FilterSpec;
import io.apus.schemas.spec.InvalidSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The filters of a run, in order.
 *
 * @param steps what is applied, one after the other
 */
public record FilterChain(List<FilterStep> steps) {
    public FilterChain {
        steps = List.copyOf(steps);
    }

    /**
     * The filters that {@code spec} asks for, with no file read yet.
     *
     * @throws InvalidSpec with everything that is wrong with any of them
     */
    public static FilterChain of(FilterSpec spec) {
        List<FilterStep> steps = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (FilterRule rule : spec.filters()) {
            Filters.make(rule, steps, problems);
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpec(problems);
        }
        return new FilterChain(steps);
    }

    /** What is wrong with {@code spec}, each with the nearest known name where a name is unknown; empty where nothing is. */
    public static List<String> problems(FilterSpec spec) {
        try {
            of(spec);
            return List.of();
        } catch (InvalidSpec e) {
            return e.problems();
        }
    }

    /** These filters with their files read; see {@link FilterStep#load}. */
    public FilterChain load(FilterSources sources) {
        return new FilterChain(steps.stream().map(step -> step.load(sources)).toList());
    }

    /** The reject of a sample. */
    public static Reject reject(Sample sample, String reason, String detail) {
        return new Reject("filter", sample.key(), reason, detail, SampleJson.write(sample));
    }
}
