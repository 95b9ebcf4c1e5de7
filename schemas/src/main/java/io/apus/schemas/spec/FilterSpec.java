package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** Which samples are dropped before tokenising. */
@Doc("which samples are dropped before tokenising")
public record FilterSpec(
        @Doc("filters by name, applied in this order") List<String> filters,
        @Doc("fewest characters of a sample over all its messages") Integer minCharacters,
        @Doc("most characters of a sample over all its messages") Integer maxCharacters) {
    public FilterSpec {
        filters = filters == null ? List.of("empty", "role_order", "length", "exact_duplicate") : List.copyOf(filters);
        minCharacters = orElse(minCharacters, 1);
        maxCharacters = orElse(maxCharacters, 1_000_000);
        new Problems("filter")
                .notNegative("min_characters", minCharacters)
                .require(
                        maxCharacters >= minCharacters,
                        "max_characters",
                        "must be at least min_characters " + minCharacters + ", is " + maxCharacters)
                .throwIfAny();
    }
}
