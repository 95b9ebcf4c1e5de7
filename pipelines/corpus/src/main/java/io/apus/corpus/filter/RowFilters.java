package io.apus.corpus.filter;

import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Filters that judge samples one by one: the first that refuses a sample gives the reason. */
public final class RowFilters implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<SampleFilter> filters;

    /**
     * What became of a sample.
     *
     * @param sample the sample as the filters left it
     * @param refused its reject, where one of them refused it
     * @param edits changes by kind
     */
    public record Judged(Sample sample, Optional<Reject> refused, Map<String, Long> edits) {}

    public RowFilters(List<SampleFilter> filters) {
        this.filters = new ArrayList<>(filters);
    }

    public Judged judge(Sample sample) {
        Sample current = sample;
        Map<String, Long> edits = new TreeMap<>();
        for (SampleFilter filter : filters) {
            Verdict verdict = filter.judge(current);
            if (verdict instanceof Verdict.Refuse refusal) {
                Reject reject = FilterChain.reject(current, filter.reason(), refusal.detail());
                return new Judged(current, Optional.of(reject), edits);
            }
            if (verdict instanceof Verdict.Edit edit) {
                current = edit.sample();
                edit.counts().forEach((kind, count) -> edits.merge(kind, count, Long::sum));
            }
        }
        return new Judged(current, Optional.empty(), edits);
    }

    /** Whether any of them may change samples. */
    public boolean edits() {
        return filters.stream().anyMatch(SampleFilter::edits);
    }
}
