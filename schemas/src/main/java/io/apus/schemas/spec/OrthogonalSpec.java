package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of OFT and BOFT, which turn the inputs of linears. */
@Group
public record OrthogonalSpec(
        @Doc("inputs that OFT turns together; in a linear where it does not divide them, the nearest number that does")
                Integer oftBlockSize,
        @Doc("inputs that BOFT turns together, or 0 where boft_block_num says") Integer boftBlockSize,
        @Doc("blocks of a linear in BOFT, or 0 where boft_block_size says") Integer boftBlockNum,
        @Doc("how many turns of blocks follow each other in BOFT, with a shuffle between them")
                Integer boftNButterflyFactor,
        @Doc("share of BOFT's blocks that do not turn in a training step") Double boftDropout) {
    public OrthogonalSpec {
        oftBlockSize = orElse(oftBlockSize, 32);
        boftBlockSize = orElse(boftBlockSize, 4);
        boftBlockNum = orElse(boftBlockNum, 0);
        boftNButterflyFactor = orElse(boftNButterflyFactor, 1);
        boftDropout = orElse(boftDropout, 0.0);
        new Problems("tuner")
                .positive("oft_block_size", oftBlockSize)
                .notNegative("boft_block_size", boftBlockSize)
                .notNegative("boft_block_num", boftBlockNum)
                .require(
                        (boftBlockSize == 0) != (boftBlockNum == 0),
                        "boft_block_num",
                        "of boft_block_size and boft_block_num one must be 0 and the other not, they are "
                                + boftBlockSize + " and " + boftBlockNum)
                .positive("boft_n_butterfly_factor", boftNButterflyFactor)
                .share("boft_dropout", boftDropout)
                .throwIfAny();
    }

    static OrthogonalSpec defaults() {
        return new OrthogonalSpec(null, null, null, null, null);
    }
}
