package io.apus.schemas.spec;

import java.util.List;
import java.util.stream.Stream;

/** Which samples are dropped before tokenising. The names and options of the filters are checked where the filters are. */
@Doc("which samples are dropped before tokenising")
public record FilterSpec(
        @Doc("filters, applied in this order; each a name or {name: {option: value}}, see \"Filters\" below")
                List<FilterRule> filters) {
    public FilterSpec {
        filters = filters == null
                ? Stream.of("empty", "role_order", "length", "exact_duplicate")
                        .map(FilterRule::named)
                        .toList()
                : List.copyOf(filters);
    }
}
