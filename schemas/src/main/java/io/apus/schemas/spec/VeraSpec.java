package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of VeRA. */
@Group
public record VeraSpec(
        @Doc("rank of VeRA's shared random matrices") Integer veraRank,
        @Doc("seed of VeRA's shared random matrices") Integer veraProjectionPrngKey,
        @Doc("dropout in front of VeRA's update") Double veraDropout,
        @Doc("what VeRA's inner vector starts at") Double veraDInitial) {
    public VeraSpec {
        veraRank = orElse(veraRank, 256);
        veraProjectionPrngKey = orElse(veraProjectionPrngKey, 0);
        veraDropout = orElse(veraDropout, 0.0);
        veraDInitial = orElse(veraDInitial, 0.1);
        new Problems("tuner")
                .positive("vera_rank", veraRank)
                .share("vera_dropout", veraDropout)
                .throwIfAny();
    }

    static VeraSpec defaults() {
        return new VeraSpec(null, null, null, null);
    }
}
