package io.apus.corpus.filter;

import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.FilterSpec;
import java.util.List;

/** Filters made as a run makes them. */
final class TestFilters {
    private TestFilters() {}

    /** Those of the filters that judge samples one by one. */
    static RowFilters rowFilters(FilterSpec spec) {
        return new RowFilters(FilterChain.of(spec).load(FilterSources.FILES).steps().stream()
                .filter(SampleFilter.class::isInstance)
                .map(SampleFilter.class::cast)
                .toList());
    }

    static RowFilters of(FilterRule... rules) {
        return rowFilters(new FilterSpec(List.of(rules)));
    }

    /** The reason for which {@code filters} refuse a sample, or "kept". */
    static String reason(RowFilters filters, Sample sample) {
        return filters.judge(sample).refused().map(Reject::reason).orElse("kept");
    }

    /** The detail of the reject, or "kept". */
    static String detail(RowFilters filters, Sample sample) {
        return filters.judge(sample).refused().map(Reject::detail).orElse("kept");
    }

    /** Plain text, a single turn of the assistant. */
    static Sample text(String content) {
        return Conversation.of("assistant", content);
    }
}
