package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** How samples are put into rows. */
@Doc("how samples are put into rows")
public record PackSpec(
        @Doc("put several samples into one row; false gives each its own") Boolean packing,
        @Doc("tokens of a row; max_length when not given") Integer packingLength,
        @Doc("binpack (best-fit decreasing) or sequential (next-fit in order)") String packingStrategy,
        @Doc("tokens after which a new shard file is begun") Long shardTokens) {
    public static final List<String> STRATEGIES = List.of("binpack", "sequential");

    public PackSpec {
        packing = orElse(packing, false);
        packingStrategy = orElse(packingStrategy, "binpack");
        shardTokens = orElse(shardTokens, 16_777_216L);
        Problems problems = new Problems("pack")
                .oneOf("packing_strategy", packingStrategy, STRATEGIES)
                .positive("shard_tokens", shardTokens);
        if (packingLength != null) {
            problems.positive("packing_length", packingLength);
        }
        problems.throwIfAny();
    }
}
