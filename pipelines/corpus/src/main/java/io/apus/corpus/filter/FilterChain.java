package io.apus.corpus.filter;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.spec.FilterSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The filters of a run, in order: the first that refuses a sample gives the reason. Cheap to make: one per partition. */
public final class FilterChain {
    /** Looks at all samples together, so it comes after the chain whatever its place in the list (see {@link ContentHash}). */
    public static final String EXACT_DUPLICATE = "exact_duplicate";

    /** What judges samples one by one; a new filter is one line here. */
    static final Registry<Function<FilterSpec, SampleFilter>> FILTERS = Registry.of(
            "filter",
            entry("empty", EmptyFilter::of),
            entry("role_order", RoleOrderFilter::of),
            entry("length", LengthFilter::of),
            entry(EXACT_DUPLICATE, spec -> new PassAll()));

    private final List<SampleFilter> filters;
    private final boolean dropsExactDuplicates;

    private FilterChain(List<SampleFilter> filters, boolean dropsExactDuplicates) {
        this.filters = filters;
        this.dropsExactDuplicates = dropsExactDuplicates;
    }

    /** The chain that {@code spec} asks for; an unknown filter is a {@link io.apus.schemas.UserError}. */
    public static FilterChain of(FilterSpec spec) {
        List<SampleFilter> filters = spec.filters().stream()
                .map(name -> FILTERS.get(name).apply(spec))
                .toList();
        return new FilterChain(filters, spec.filters().contains(EXACT_DUPLICATE));
    }

    /** The reject of a sample that one of the filters refuses; empty where the sample passes. */
    public Optional<Reject> refuse(Sample sample) {
        for (SampleFilter filter : filters) {
            Optional<String> detail = filter.refuse(sample);
            if (detail.isPresent()) {
                return Optional.of(reject(sample, filter.reason(), detail.get()));
            }
        }
        return Optional.empty();
    }

    /** Whether, of the samples that passed with equal {@link ContentHash}, only the one with the smallest key (and its copies) is kept. */
    public boolean dropsExactDuplicates() {
        return dropsExactDuplicates;
    }

    /** The reject of {@code sample}, whose content {@code kept} has already. */
    public static Reject duplicate(Sample sample, SampleKey kept) {
        return reject(sample, EXACT_DUPLICATE, "the same as " + kept.id());
    }

    private static Reject reject(Sample sample, String reason, String detail) {
        return new Reject("filter", sample.key(), reason, detail, SampleJson.write(sample));
    }

    /** Stands in the list for the one filter that cannot judge a sample by itself. */
    private record PassAll() implements SampleFilter {
        @Override
        public String reason() {
            return EXACT_DUPLICATE;
        }

        @Override
        public Optional<String> refuse(Sample sample) {
            return Optional.empty();
        }
    }
}
